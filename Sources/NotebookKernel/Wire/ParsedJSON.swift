import Foundation
import NotebookDisplay

extension JSON {
  /// Throws where `bytes` are not JSON, or nested deeper than Foundation's parser goes. The parser that makes objects is several times
  /// quicker here than `JSONDecoder`, which has to try the kinds of values one after the other.
  package init(parsing bytes: [UInt8]) throws {
    self.init(try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed))
  }

  private init(_ object: Any) {
    switch object {
    case let text as String: self = .string(text)
    case let number as NSNumber where String(cString: number.objCType) == "c": self = .bool(number.boolValue)
    case let number as NSNumber: self = Int(exactly: number).map { .integer($0) } ?? .number(number.doubleValue)
    case let elements as [Any]: self = .array(elements.map { JSON($0) })
    case let members as [String: Any]: self = .object(members.mapValues { JSON($0) })
    default: self = .null
    }
  }
}
