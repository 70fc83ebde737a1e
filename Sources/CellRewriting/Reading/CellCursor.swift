internal import SwiftParser
internal import SwiftSyntax

/// What stands around a place in a cell, for completing names and saying what they mean. Offsets are in UTF-8.
package struct CellCursor: Sendable {
  /// The cell with its `%` lines overwritten by spaces: all else keeps its place.
  package let swift: String
  /// From its `%` to the place, if the place is in a line for the kernel.
  package let command: Range<Int>?
  /// The name or keyword that the place is in, or at an end of.
  package let word: Range<Int>?
  /// The name of the function among whose arguments the place is, or behind whose call.
  package let callee: Range<Int>?
  /// Whether no completion makes sense: the place is in a comment, a string or a number.
  package let isInText: Bool

  package init(_ source: String, at place: Int) {
    let cell = ParsedCell(source)
    swift = cell.text.swift
    let bytes = Array(source.utf8)
    let place = min(max(place, 0), bytes.count)
    let lineStart = bytes[..<place].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let line = bytes[..<lineStart].count { $0 == UInt8(ascii: "\n") } + 1
    let isCommand = cell.text.magics.contains { $0.line == line }
    let percent = bytes[lineStart..<place].firstIndex(of: UInt8(ascii: "%"))
    command = isCommand ? percent.map { $0..<place } : nil

    let before = place > 0 ? cell.tree.token(at: AbsolutePosition(utf8Offset: place - 1)) : nil
    let after = cell.tree.token(at: AbsolutePosition(utf8Offset: place))
    let touching = [before, after].compactMap(\.self).filter { $0.text.startIndex != $0.text.endIndex }
      .filter { Self.range(of: $0).lowerBound <= place && place <= Self.range(of: $0).upperBound }
    word = touching.first(where: Self.isWord).map(Self.range)
    isInText = Self.isText(place, before)
    callee = Self.callee(place, touching.first ?? before)
  }

  private static func range(of node: some SyntaxProtocol) -> Range<Int> {
    node.positionAfterSkippingLeadingTrivia.utf8Offset..<node.endPositionBeforeTrailingTrivia.utf8Offset
  }

  private static func isWord(_ token: TokenSyntax) -> Bool {
    switch token.tokenKind {
    case .identifier, .dollarIdentifier, .keyword, .wildcard: true
    default: false
    }
  }

  private static func isText(_ place: Int, _ token: TokenSyntax?) -> Bool {
    guard let token else { return false }
    let text = range(of: token)
    switch token.tokenKind {
    case .stringSegment, .regexLiteralPattern: return true
    case .integerLiteral, .floatLiteral: return text.contains(place - 1)
    default: break
    }
    if text.contains(place - 1) { return false }
    let isLeading = place <= text.lowerBound
    var start = isLeading ? token.position.utf8Offset : text.upperBound
    for piece in isLeading ? token.leadingTrivia : token.trailingTrivia {
      let end = start + piece.sourceLength.utf8Length
      if start < place && place <= end {
        switch piece {
        case .lineComment, .docLineComment: return true
        // Behind its end a block's comment is over.
        case .blockComment, .docBlockComment: return place < end
        default: return false
        }
      }
      start = end
    }
    return false
  }

  /// The innermost call that the place is in, from behind the opening parenthesis to right behind the closing one.
  private static func callee(_ place: Int, _ token: TokenSyntax?) -> Range<Int>? {
    var node = token.map { Syntax($0) }
    while let current = node {
      if let call = current.as(FunctionCallExprSyntax.self), isPlace(place, from: call.leftParen, to: call.rightParen) {
        return name(of: call.calledExpression)
      }
      // Labels without values, as in `f(x: )`, are the function's full name.
      if let reference = current.as(DeclReferenceExprSyntax.self), let labels = reference.argumentNames,
        isPlace(place, from: labels.leftParen, to: labels.rightParen)
      {
        return range(of: reference.baseName)
      }
      node = current.parent
    }
    return nil
  }

  private static func isPlace(_ place: Int, from open: TokenSyntax?, to close: TokenSyntax?) -> Bool {
    guard let open, range(of: open).upperBound <= place else { return false }
    return close.map { place <= range(of: $0).upperBound } ?? true
  }

  private static func name(of called: ExprSyntax) -> Range<Int>? {
    if let member = called.as(MemberAccessExprSyntax.self) { return range(of: member.declName.baseName) }
    if let reference = called.as(DeclReferenceExprSyntax.self) { return range(of: reference.baseName) }
    if let generic = called.as(GenericSpecializationExprSyntax.self) { return name(of: generic.expression) }
    if let chained = called.as(OptionalChainingExprSyntax.self) { return name(of: chained.expression) }
    if let forced = called.as(ForceUnwrapExprSyntax.self) { return name(of: forced.expression) }
    return nil
  }
}
