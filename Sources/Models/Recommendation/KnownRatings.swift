import NeuralNetworks
import TensorCore

/// Ratings that a model goes by, as lists behind one another: of each user those of items, or of each item those of users.
///
/// ```swift
/// let known = KnownRatings([[(0, 5.0), (2, 3.0)], [], [(1, 4.0)]])
/// let bags = known.bags(of: Tensor([2, 0, 2]))
/// bags.others  // → [1, 0, 2]
/// bags.starts  // → [0, 1]
/// bags.places  // → [0, 1, 0]
/// ```
public final class KnownRatings: Module {
  /// Where each list begins, and where the last one ends, [lists + 1].
  public let starts: Buffer
  /// Who is rated, or rates, [ratings].
  public let others: Buffer
  /// [ratings].
  public let values: Buffer

  public init(_ lists: [[(other: Int, rating: Double)]]) {
    let starts = lists.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    let all = lists.flatMap(\.self)
    self.starts = Buffer(Tensor(starts, shape: [starts.count]))
    others = Buffer(Tensor(all.map(\.other), shape: [all.count]))
    values = Buffer(Tensor(all.map(\.rating), shape: [all.count], dtype: .float32))
  }

  /// Room for so many, which are to be loaded.
  init(lists: Int, ratings: Int) {
    // All in the last list, as lists that can be.
    starts = Buffer(Tensor([Int](repeating: 0, count: lists) + [ratings], shape: [lists + 1]))
    others = Buffer(Tensor.zeros([ratings], dtype: .int64))
    values = Buffer(Tensor.zeros([ratings]))
  }

  public var listCount: Int { starts.shape[0] - 1 }
  public var count: Int { others.shape[0] }

  /// Some lists, each once.
  public struct Bags: Sendable {
    /// The lists' entries behind one another, [entries].
    public let others: Tensor
    public let values: Tensor
    /// Where each list begins among them, [lists], and how many entries it has.
    public let starts: Tensor
    public let sizes: [Int]
    /// Which of these lists each number that was asked for means, [count].
    public let places: Tensor
  }

  /// The lists with these numbers, which may come several times.
  ///
  /// Stops for a number that no list has.
  ///
  /// - Parameter hidden: Of each number an entry that is left out of its list.
  public func bags(of numbers: Tensor, without hidden: Tensor? = nil) -> Bags {
    let numbers = numbers.scalars(as: Int.self)
    let hidden = hidden.map { Set(zip(numbers, $0.scalars(as: Int.self)).map { Entry(list: $0, other: $1) }) } ?? []
    let (ends, all) = (starts.value.scalars(as: Int.self), others.value.scalars(as: Int.self))
    let ratings = values.value.scalars(as: Float.self)
    var placeOf = [Int](repeating: -1, count: listCount)
    var (indices, kept): ([Int], [Float]) = ([], [])
    var (starts, sizes, places): ([Int], [Int], [Int]) = ([], [], [])
    for number in numbers {
      guard placeOf.indices.contains(number) else {
        stop("KnownRatings", "list \(number) of \(listCount)", fix: "use numbers in 0..<\(listCount)")
      }
      if placeOf[number] < 0 {
        placeOf[number] = starts.count
        starts.append(indices.count)
        for place in ends[number]..<ends[number + 1]
        where hidden.isEmpty || !hidden.contains(Entry(list: number, other: all[place])) {
          indices.append(all[place])
          kept.append(ratings[place])
        }
        sizes.append(indices.count - (starts.last ?? 0))
      }
      places.append(placeOf[number])
    }
    return Bags(
      others: Tensor(indices, shape: [indices.count]),
      values: Tensor(kept, shape: [kept.count]).cast(to: values.dtype),
      starts: Tensor(starts, shape: [starts.count]), sizes: sizes, places: Tensor(places, shape: [places.count]))
  }

  private struct Entry: Hashable {
    let list: Int
    let other: Int
  }

  /// What no lists of entries below `limit` can be; nil where all is in order.
  public func problem(limit: Int) -> String? {
    let ends = starts.value.scalars(as: Int.self)
    if ends.first != 0 || ends.last != count || zip(ends, ends.dropFirst()).contains(where: >) {
      return "lists that do not stand behind one another"
    }
    let outside = others.value.scalars(as: Int.self).first { !(0..<limit).contains($0) }
    return outside.map { "a rating of \($0) of \(limit)" }
  }

  public override var configuration: String { "\(count) ratings in \(listCount) lists" }
}
