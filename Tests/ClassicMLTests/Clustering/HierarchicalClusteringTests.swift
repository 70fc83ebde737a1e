import ClassicML
import TensorCore
import Testing

@Suite("Hierarchical clustering")
struct HierarchicalClusteringTests {
  @Test("makes SciPy's linkage matrix", arguments: Linkage.allCases)
  func matrix(_ linkage: Linkage) throws {
    let x = try ClusteringGoldens.golden("moons.x")
    let dendrogram = try AgglomerativeClustering(linkage: linkage).fit(x).dendrogram
    let matrix = try ClusteringGoldens.golden("linkage/\(linkage)/matrix")
    #expect(relativeGap(dendrogram.joins, matrix[.all, 0..<2]) == 0)
    #expect(relativeGap(dendrogram.heights, matrix[.all, 2]) < 1e-11)
    #expect(relativeGap(dendrogram.sizes, matrix[.all, 3]) == 0)
  }

  @Test("cuts the tree into scikit-learn's groups", arguments: Linkage.allCases)
  func cuts(_ linkage: Linkage) throws {
    let x = try ClusteringGoldens.scaledWine()
    let three = try AgglomerativeClustering(cut: .clusters(3), linkage: linkage).fit(x)
    #expect(samePartition(three.labels, try ClusteringGoldens.golden("linkage/\(linkage)/labels")))
    let low = try AgglomerativeClustering(cut: .height(4), linkage: linkage).fit(x)
    #expect(samePartition(low.labels, try ClusteringGoldens.golden("linkage/\(linkage)/cut")))
    #expect(samePartition(low.dendrogram.labels(clusters: 3), three.labels))
  }

  @Test("numbers groups by their first samples, from one group up to one for each sample")
  func extremes() throws {
    let x = Tensor([[9.0], [1], [8], [2], [9.5]], dtype: .float64)
    let dendrogram = try AgglomerativeClustering().fit(x).dendrogram
    #expect(dendrogram.labels(clusters: 1).scalars(as: Int.self) == [0, 0, 0, 0, 0])
    #expect(dendrogram.labels(clusters: 2).scalars(as: Int.self) == [0, 1, 0, 1, 0])
    #expect(dendrogram.labels(clusters: 5).scalars(as: Int.self) == [0, 1, 2, 3, 4])
    #expect(try AgglomerativeClustering(cut: .clusters(1)).fit(x[0..<1]).labels.scalars(as: Int.self) == [0])
  }

  @Test("refuses more groups than samples, and a height below 0")
  func refusals() {
    let x = Tensor([[1.0], [2]], dtype: .float64)
    #expect(throws: EstimatorError.self) { try AgglomerativeClustering(cut: .clusters(3)).fit(x) }
    #expect(throws: EstimatorError.self) { try AgglomerativeClustering(cut: .height(-1)).fit(x) }
  }
}
