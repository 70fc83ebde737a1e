import FromScratch
import TensorCore
import Testing

@Suite("Nearest neighbours from scratch")
struct NearestNeighboursTests {
  @Test("have scikit-learn's shares of classes", arguments: [1, 5, 8])
  func scikitLearn(_ k: Int) throws {
    let wine = try Wine()
    let positions = Tensor(Array(0..<178))
    let isHeld = Tensor((0..<178).map { $0 % 3 == 0 })
    let (held, rest) = (positions[isHeld], positions[.!isHeld])
    let neighbours = NearestNeighbours(fitting: wine.x[rest], wine.labels[rest], k: k)
    let golden = try wine.golden("neighbours/\(k)")
    #expect((neighbours.probabilities(wine.x[held]) - golden).abs().max().item() < 1e-12)
    #expect((neighbours(wine.x[held]) .== golden.argmax(axis: 1)).all().item(Bool.self))
    // Distances by the product are those of the differences.
    let one = (wine.x[rest] - wine.x[held][3]).square().sum(axis: 1)
    #expect((neighbours.squaredDistances(wine.x[held])[3] - one).abs().max().item() < 1e-12)
  }
}
