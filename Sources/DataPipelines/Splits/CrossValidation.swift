import TensorCore

/// Divisions of examples into k parts, of which each is for validation once (or, in time, each but the first).
///
/// Without a seed examples keep their order, and the folds are those of scikit-learn's `KFold`, `StratifiedKFold`, `GroupKFold` and
/// `TimeSeriesSplit`.
///
/// ```swift
/// CrossValidation.folds(2, of: 5).map(\.validation)  // → [[0, 1, 2], [3, 4]]
/// CrossValidation.stratified(2, [0, 0, 1, 1]).map(\.validation)  // → [[0, 2], [1, 3]]
/// CrossValidation.grouped(2, ["a", "b", "a", "c"]).map(\.validation)  // → [[0, 2], [1, 3]]
/// CrossValidation.overTime(2, of: 6).map(\.train)  // → [[0, 1], [0, 1, 2, 3]]
/// ```
public enum CrossValidation {
  /// Parts of equal size; the first ones have one example more where that is needed. In random order with a seed.
  ///
  /// Stops unless there are at least 2 folds, and as many examples.
  public static func folds(_ k: Int, of count: Int, seed: UInt64? = nil) -> [Fold] {
    check(k, count, "folds", "examples")
    let order = seed.map { shuffled(count, $0) } ?? Array(0..<count)
    var start = 0
    return (0..<k).map { number in
      let end = start + count / k + (number < count % k ? 1 : 0)
      defer { start = end }
      return Fold(validation: Array(order[start..<end]), of: count)
    }
  }

  /// Parts with each class's share, to within one example. With a seed, which examples of a class a part gets is random.
  ///
  /// Stops unless there are at least 2 folds, and some class has as many examples.
  public static func stratified(_ k: Int, _ classes: [Int], seed: UInt64? = nil) -> [Fold] {
    let (numbers, sizes) = numbered(classes)
    check(k, sizes.max() ?? 0, "stratified", "examples of the largest class")
    var members = [[Int]](repeating: [], count: sizes.count)
    for (position, number) in numbers.enumerated() { members[number].append(position) }
    // Dealt out in turns, class by class in the order of their appearance: so the parts' sizes differ by one at most as well.
    var foldOf = [Int](repeating: 0, count: classes.count)
    var dealt = 0
    for (number, positions) in members.enumerated() {
      let folds = (dealt..<(dealt + positions.count)).map { $0 % k }.sorted()
      let order = seed.map { shuffled(positions.count, $0 &+ UInt64(number)) } ?? Array(positions.indices)
      for (place, fold) in zip(order, folds) { foldOf[positions[place]] = fold }
      dealt += positions.count
    }
    return collected(k, foldOf)
  }

  /// Parts of nearly equal size with all examples of a group in one: the groups, from the largest on, each go to the part that is the
  /// smallest so far. With a seed, groups of one size go in random order.
  ///
  /// Stops unless there are at least 2 folds, and as many groups.
  public static func grouped<Group: Hashable & Comparable>(_ k: Int, _ groups: [Group], seed: UInt64? = nil) -> [Fold] {
    let (numbers, sizes) = numbered(groups)
    check(k, sizes.count, "grouped", "groups")
    // scikit-learn's order among equals: the greatest name first.
    let names = Dictionary(zip(numbers, groups)) { first, _ in first }
    let byName = sizes.indices.sorted { (names[$0] ?? groups[0]) > (names[$1] ?? groups[0]) }
    let order = seed.map { shuffled(sizes.count, $0) } ?? byName
    let rank = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    var filled = [Int](repeating: 0, count: k)
    var foldOfGroup = [Int](repeating: 0, count: sizes.count)
    for group in sizes.indices.sorted(by: { (sizes[$1], rank[$0] ?? 0) < (sizes[$0], rank[$1] ?? 0) }) {
      let fold = filled.indices.min { filled[$0] < filled[$1] } ?? 0
      foldOfGroup[group] = fold
      filled[fold] += sizes[group]
    }
    return collected(k, numbers.map { foldOfGroup[$0] })
  }

  /// Examples in the order of time, in k + 1 parts: each part but the first is for validation once, after training on all before it.
  ///
  /// Stops unless there is at least 1 fold, and more examples than folds.
  public static func overTime(_ k: Int, of count: Int) -> [Fold] {
    guard k >= 1, count > k else {
      stop("overTime", "\(k) folds of \(count) examples", fix: "use at least 1 fold, and more examples than folds")
    }
    let size = count / (k + 1)
    return (0..<k).map { number in
      let start = count - (k - number) * size
      return Fold(train: Array(0..<start), validation: Array(start..<(start + size)))
    }
  }

  private static func check(_ k: Int, _ count: Int, _ name: String, _ things: String) {
    guard k >= 2, count >= k else {
      stop(name, "\(k) folds of \(count) \(things)", fix: "use at least 2 folds, and no more than \(things)")
    }
  }

  private static func collected(_ k: Int, _ foldOf: [Int]) -> [Fold] {
    (0..<k).map { fold in Fold(validation: foldOf.indices.filter { foldOf[$0] == fold }, of: foldOf.count) }
  }
}
