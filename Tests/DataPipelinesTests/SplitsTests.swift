import DataPipelines
import Foundation
import TensorCore
import TensorIO
import Testing

@Suite("A split")
struct SplitsTests {
  private func golden(_ name: String) throws -> [Int] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let tensors = try SafeTensors(contentsOf: folder.appending(path: "Goldens/tables.safetensors")).tensors()
    return try #require(tensors["splits.\(name)"]).scalars(as: Int.self)
  }

  /// For each example the fold that validates it.
  private func folds(_ folds: [Fold]) -> [Int] {
    var number = [Int](repeating: -1, count: 54)
    for (fold, positions) in folds.enumerated() {
      for position in positions.validation { number[position] = fold }
    }
    return number
  }

  @Test("into folds is scikit-learn's, without a seed", arguments: [2, 5])
  func equalsScikitLearn(_ k: Int) throws {
    let (classes, groups) = (try golden("classes"), try golden("groups"))
    #expect(folds(CrossValidation.folds(k, of: 54)) == (try golden("plain.\(k)")))
    #expect(folds(CrossValidation.stratified(k, classes)) == (try golden("stratified.\(k)")))
    #expect(folds(CrossValidation.grouped(k, groups)) == (try golden("grouped.\(k)")))
    #expect(folds(CrossValidation.overTime(k, of: 54)) == (try golden("time.\(k)")))
  }

  private func isWhole(_ fold: Fold, of count: Int) -> Bool {
    (fold.train + fold.validation).sorted() == Array(0..<count) && fold.train == fold.train.sorted()
      && fold.validation == fold.validation.sorted()
  }

  @Test("has every example on one side, in the same way for the same seed", arguments: [3, 10, 57])
  func everyExample(_ count: Int) {
    for seed in 0..<20 as Range<UInt64> {
      let classes = (0..<count).map { ($0 * $0 + Int(seed)) % 3 }
      for share in [0, 0.2, 0.5, 1] {
        let size = Int((share * Double(count)).rounded())
        let random = Splits.random(count, validation: share, seed: seed)
        #expect(isWhole(random, of: count) && random.validation.count == size)
        #expect(random == Splits.random(count, validation: share, seed: seed))
        let stratified = Splits.stratified(classes, validation: share, seed: seed)
        #expect(isWhole(stratified, of: count) && stratified.validation.count == size)
        for name in 0..<3 {
          let all = classes.count { $0 == name }
          let part = stratified.validation.count { classes[$0] == name }
          #expect(abs(Double(part) - Double(size) * Double(all) / Double(count)) < 1)
        }
        let grouped = Splits.grouped(classes, validation: share, seed: seed)
        #expect(isWhole(grouped, of: count))
        #expect(Set(grouped.train.map { classes[$0] }).isDisjoint(with: grouped.validation.map { classes[$0] }))
        let times = classes.map { Double($0) }
        let late = Splits.byTime(times, validation: share)
        #expect(isWhole(late, of: count) && late.validation.count <= size)
        for early in late.train { #expect(late.validation.allSatisfy { times[$0] > times[early] }) }
      }
    }
    #expect(Splits.random(57, validation: 0.5, seed: 1) != Splits.random(57, validation: 0.5, seed: 2))
    #expect(Splits.grouped(Array(0..<50), validation: 0.2, seed: 3).validation.count == 10)
  }

  @Test("into folds has every example in one of them, with its classes and groups", arguments: [2, 3, 5])
  func everyFold(_ k: Int) {
    for seed in 0..<20 as Range<UInt64> {
      let classes = (0..<41).map { ($0 * $0 * 7 + Int(seed)) % 4 }
      let plain = CrossValidation.folds(k, of: 41, seed: seed)
      let stratified = CrossValidation.stratified(k, classes, seed: seed)
      let groups = (0..<41).map { ($0 * 13 + Int(seed)) % 17 / 2 }
      let grouped = CrossValidation.grouped(k, groups, seed: seed)
      for folds in [plain, stratified, grouped] {
        #expect(folds.count == k && folds.allSatisfy { isWhole($0, of: 41) })
        #expect(folds.flatMap(\.validation).sorted() == Array(0..<41))
      }
      for folds in [plain, stratified] {
        #expect(folds.allSatisfy { (41 / k)...(41 / k + 1) ~= $0.validation.count })
      }
      for name in Set(classes) {
        let counts = stratified.map { $0.validation.count { classes[$0] == name } }
        #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
      }
      for fold in grouped {
        #expect(Set(fold.train.map { groups[$0] }).isDisjoint(with: fold.validation.map { groups[$0] }))
      }
      for fold in CrossValidation.overTime(k, of: 41) {
        #expect((fold.train.last ?? -1) + 1 == fold.validation.first)
      }
    }
    let (a, b) = (CrossValidation.folds(k, of: 41, seed: 1), CrossValidation.folds(k, of: 41, seed: 2))
    #expect(a != b && a == CrossValidation.folds(k, of: 41, seed: 1))
  }

  @Test("stops for folds that cannot be, and says why")
  func mistakes() async {
    let folds = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = CrossValidation.grouped(3, ["a", "b", "a"])
    }
    let message = String(decoding: folds?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("grouped: 3 folds of 2 groups"), "\(message)")
    let share = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Splits.random(3, validation: 20, seed: 0)
    }
    let words = String(decoding: share?.standardErrorContent ?? [], as: UTF8.self)
    #expect(words.contains("random: a validation share of 20.0"), "\(words)")
  }
}
