import TensorCore

/// One division of examples into training and validation, as positions. The same seed gives the same one.
///
/// ```swift
/// let fold = Splits.random(10, validation: 0.2, seed: 1)
/// fold.validation.count  // → 2
/// Splits.byTime([3, 1, 2, 2], validation: 0.25).validation  // → [0]
/// Splits.grouped(["a", "a", "b", "b"], validation: 0.5, seed: 1).validation.count  // → 2
/// ```
public enum Splits {
  /// At random: round(share·count) examples are for validation.
  public static func random(_ count: Int, validation share: Double, seed: UInt64) -> Fold {
    check(share, "random")
    let order = shuffled(count, seed)
    return Fold(validation: Array(order.prefix(Int((share * Double(count)).rounded()))), of: count)
  }

  /// At random, with every class's share on both sides to within one example.
  public static func stratified(_ classes: [Int], validation share: Double, seed: UInt64) -> Fold {
    check(share, "stratified")
    let validationCount = Int((share * Double(classes.count)).rounded())
    let parts = division(of: classes, into: [classes.count - validationCount, validationCount], seed: seed)
    return Fold(train: parts[0], validation: parts[1])
  }

  /// At random, with all examples of a group on the same side: groups join the validation, in random order, as long as it does not get
  /// further from its share by that.
  public static func grouped<Group: Hashable>(_ groups: [Group], validation share: Double, seed: UInt64) -> Fold {
    check(share, "grouped")
    let (numbers, sizes) = numbered(groups)
    var missing = Int((share * Double(groups.count)).rounded())
    var chosen: Set<Int> = []
    for group in shuffled(sizes.count, seed) where abs(missing - sizes[group]) < abs(missing) {
      chosen.insert(group)
      missing -= sizes[group]
    }
    return Fold(validation: numbers.indices.filter { chosen.contains(numbers[$0]) }, of: groups.count)
  }

  /// The latest examples are for validation: none of them is as early as one to learn from, so that examples of one time stay together and
  /// the validation may be smaller than its share. Stops when a time is NaN.
  public static func byTime(_ times: [Double], validation share: Double) -> Fold {
    check(share, "byTime")
    if times.contains(where: \.isNaN) {
      stop("byTime", "some of the \(times.count) times are missing", fix: "leave those examples out first")
    }
    let trainCount = times.count - Int((share * Double(times.count)).rounded())
    let last = trainCount == 0 ? -Double.infinity : times.sorted()[trainCount - 1]
    return Fold(validation: times.indices.filter { times[$0] > last }, of: times.count)
  }

  private static func check(_ share: Double, _ name: String) {
    guard (0...1).contains(share) else { stop(name, "a validation share of \(share)", fix: "use one in 0...1") }
  }
}

/// The numbers from 0 below `count` in random order.
func shuffled(_ count: Int, _ seed: UInt64) -> [Int] {
  Tensor.permutation(count, using: RandomGenerator(seed: seed)).scalars(as: Int.self)
}

/// Each example's group by the number in which groups appear, and how many examples each has.
func numbered<Group: Hashable>(_ groups: [Group]) -> (numbers: [Int], sizes: [Int]) {
  var numberOfGroup: [Group: Int] = [:]
  var sizes: [Int] = []
  let numbers = groups.map { group in
    if let number = numberOfGroup[group] {
      sizes[number] += 1
      return number
    }
    numberOfGroup[group] = sizes.count
    sizes.append(1)
    return sizes.count - 1
  }
  return (numbers, sizes)
}
