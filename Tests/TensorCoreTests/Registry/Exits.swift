/// Runs tests of stops, each in a process of its own, a few at a time.
enum Exits {
  static func forEach<Item: Sendable>(_ items: [Item], _ body: @escaping @Sendable (Item) async -> Void) async {
    await withTaskGroup(of: Void.self) { group in
      for (started, item) in items.enumerated() {
        if started >= 4 { await group.next() }
        group.addTask { await body(item) }
      }
    }
  }
}
