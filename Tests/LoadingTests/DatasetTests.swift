import DataPipelines
import TensorCore
import Testing

/// Numbers and their squares, made one by one.
struct Squares: Dataset {
  var count = 10

  func example(at index: Int) -> Example {
    Example(input: Tensor([Double(index)]), target: Tensor(Double(index * index)))
  }
}

/// Row i of a data set with this many rows: [i, -i], and i as the target.
func numbered(_ count: Int) -> TensorDataset {
  let numbers = Tensor.range(0, Double(count), dtype: .int64)
  return TensorDataset(inputs: Tensor.stacked([numbers, -numbers], axis: 1), targets: numbers)
}

@Suite("A data set")
struct DatasetTests {
  @Test("that gives single examples gives batches, in the order asked for")
  func stacking() {
    let batch = Squares().batch(at: [3, 0, 3])
    #expect(batch.inputs.shape == [3, 1] && batch.count == 3)
    #expect(batch.inputs.scalars(as: Int.self) == [3, 0, 3])
    #expect(batch.targets.scalars(as: Int.self) == [9, 0, 9])
    #expect(Squares().all().targets.scalars(as: Int.self) == (0..<10).map { $0 * $0 })
  }

  @Test("in tensors gives the same examples, in batches and alone")
  func tensors() {
    let set = numbered(5)
    #expect(set.count == 5)
    #expect(set[3].input.scalars(as: Int.self) == [3, -3])
    #expect(set[3].target.shape == [] && set[3].target.item(Int.self) == 3)
    let batch = set.batch(at: [4, 0, 4])
    #expect(batch.inputs.scalars(as: Int.self) == [4, -4, 0, 0, 4, -4])
    #expect(batch.targets.scalars(as: Int.self) == [4, 0, 4])
    #expect(set.selecting([2, 1]).classes == [2, 1])
    #expect(set.batch(at: []).inputs.shape == [0, 2])
  }

  @Test("in views of tensors is read row by row all the same")
  func views() {
    let columns = Tensor.range(0, 6).reshaped([2, 3]).transposed(0, 1)
    let set = TensorDataset(inputs: columns, targets: Tensor([0, 1, 2]))
    #expect(set.batch(at: [2]).inputs.scalars(as: Int.self) == [2, 5])
  }

  @Test("maps its inputs, in batches and alone")
  func mapping() {
    let set = numbered(5).mappingInputs { $0.cast(to: .float32).sum(axis: 1) + 0.5 }
    #expect(set.count == 5)
    #expect(set[2].input.item() == 0.5 && set[2].input.shape == [])
    #expect(set.batch(at: [1, 2]).inputs.scalars(as: Float.self) == [0.5, 0.5])
    #expect(set.batch(at: [1, 2]).targets.scalars(as: Int.self) == [1, 2])
  }

  @Test("gives parts of itself, and parts of these")
  func subsets() {
    let part = numbered(10).subset([7, 1, 5]).subset([2, 0])
    #expect(part.count == 2)
    #expect(part[0].target.item(Int.self) == 5)
    #expect(part.all().targets.scalars(as: Int.self) == [5, 7])
  }

  @Test("can throw its own error")
  func throwing() throws {
    struct Broken: Error, Equatable { var index: Int }
    struct Breaking: Dataset {
      var count: Int { 3 }
      func example(at index: Int) throws(Broken) -> Example {
        if index == 1 { throw Broken(index: index) }
        return Example(input: Tensor([1.0]), target: Tensor([1.0]))
      }
    }
    #expect(try Breaking().batch(at: [0, 2]).count == 2)
    #expect(throws: Broken(index: 1)) { try Breaking().batch(at: [0, 1]) }
    #expect(throws: Broken(index: 1)) { try Breaking().subset([0, 1]).mappingInputs { $0 }.all() }
  }

  @Test("stops with both shapes when inputs and targets differ in number")
  func mismatch() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = TensorDataset(inputs: .zeros([3, 2]), targets: .zeros([2]))
    }
    let words = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(words.contains("[3, 2]") && words.contains("[2]"))
  }
}

@Suite("Splitting a data set")
struct SplitTests {
  @Test("puts each example into one part, in order, the same ones for the same seed")
  func random() {
    let set = numbered(100)
    let parts = set.split(counts: [70, 0, 30], seed: 3)
    #expect(parts.map(\.count) == [70, 0, 30])
    #expect(parts.flatMap(\.indices).sorted() == Array(0..<100))
    #expect(parts.allSatisfy { $0.indices == $0.indices.sorted() })
    #expect(set.split(counts: [70, 0, 30], seed: 3).map(\.indices) == parts.map(\.indices))
    #expect(set.split(counts: [70, 0, 30], seed: 4).map(\.indices) != parts.map(\.indices))
    // 30 of 100: the first of them are those at 0..<30 about once in 3e25.
    #expect(parts[2].indices != Array(0..<30))
  }

  @Test("by fractions gives sizes within one of them", arguments: [0, 1, 2, 3, 10, 99, 1797])
  func fractions(count: Int) {
    let parts = numbered(count).split(fractions: [0.7, 0.2, 0.1], seed: 1)
    #expect(parts.map(\.count).reduce(0, +) == count)
    for (part, fraction) in zip(parts, [0.7, 0.2, 0.1]) {
      #expect(abs(Double(part.count) - fraction * Double(count)) < 1)
    }
  }

  @Test("by classes gives every part its share of each class")
  func stratified() {
    // 50, 30, 15 and 5 examples of four classes, mixed.
    let classes = (0..<100).map { position in
      let place = position * 37 % 100
      return place < 50 ? 0 : place < 80 ? 1 : place < 95 ? 7 : -2
    }
    let set = numbered(100)
    let parts = set.split(counts: [60, 20, 20], classes: classes, seed: 5)
    #expect(parts.map(\.count) == [60, 20, 20])
    #expect(parts.flatMap(\.indices).sorted() == Array(0..<100))
    for (name, size) in [(0, 50), (1, 30), (7, 15), (-2, 5)] {
      for part in parts {
        let found = part.indices.count { classes[$0] == name }
        #expect(abs(Double(found) - Double(size * part.count) / 100) <= 1, "\(name)")
      }
    }
    #expect(parts[2].indices != set.split(counts: [60, 20, 20], classes: classes, seed: 6)[2].indices)
  }

  @Test("stops when the parts do not make up the whole, and says the sizes")
  func mismatch() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = numbered(10).split(counts: [7, 2], seed: 0)
    }
    let words = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(words.contains("[7, 2]") && words.contains("10"))
  }
}
