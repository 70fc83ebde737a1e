import Foundation
import Testing

@Suite("A target")
struct FloorTests {
  @Test("has a floor in the table of docs/design.md")
  func listed() throws {
    let floors = try House.floors()
    #expect(floors.count > 10)
    for target in try House.targets() where !House.tools.contains(target) {
      #expect(floors[target] != nil, "\(target) is not in the table")
    }
  }

  @Test("imports only targets on lower floors")
  func imports() throws {
    let floors = try House.floors()
    let targets = Set(try House.targets())
    var checked = 0
    for source in House.sources where !House.tools.contains(source.target) {
      for name in source.imports where targets.contains(name) && name != source.target {
        checked += 1
        guard let own = floors[source.target], let other = floors[name] else {
          Issue.record("\(source.path) imports \(name), and one of them has no floor")
          continue
        }
        #expect(other < own, "\(source.path) on floor \(own) imports \(name) on floor \(other)")
      }
    }
    #expect(checked > 50)
  }

  @Test("that builds the house imports nothing of it")
  func tools() throws {
    let targets = Set(try House.targets())
    for source in House.sources where House.tools.contains(source.target) {
      #expect(targets.isDisjoint(with: source.imports), "\(source.path)")
    }
  }

  @Test("bears the name of no type that is declared in it")
  func names() throws {
    for source in House.swift {
      let declaration = try Regex("\\b(struct|class|enum|actor|protocol|typealias)\\s+\(source.target)\\b")
      let found = source.codeLines.contains { $0.contains(source.target) && $0.firstMatch(of: declaration) != nil }
      #expect(!found, "\(source.path) declares a type that hides its module's name")
    }
  }
}
