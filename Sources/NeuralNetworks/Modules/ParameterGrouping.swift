/// A model whose parameters come in groups, from the input to the output: what training freezes first, and gives smaller learning rates (Howard &
/// Ruder, "Universal language model fine-tuning for text classification", 2018, §3.2).
///
/// Each trained parameter is in one group. A chain of layers has a group for each layer of it with parameters, unless it says otherwise.
///
/// ```swift
/// let model = Sequential([Linear(4, 8), ReLU(), Linear(8, 2)])
/// model.parameterGroups.map(\.count)  // → [2, 2]
/// for parameter in model.parameterGroups[0] { parameter.requiresGradient = false }
/// model.summary().trainableParameterCount  // → 18
/// ```
public protocol ParameterGrouping: Module {
  /// No group is empty.
  var parameterGroups: [[Parameter]] { get }
}

extension ParameterGrouping where Self: LayerChain {
  public var parameterGroups: [[Parameter]] { chain.map { [$0] }.parameterGroups }
}

extension [[any Layer]] {
  /// A group for each part that has parameters; those that parts share belong to the first.
  package var parameterGroups: [[Parameter]] {
    var known: Set<ObjectIdentifier> = []
    return map { layers in
      layers.flatMap(\.parameters).filter { known.insert(ObjectIdentifier($0)).inserted }
    }.filter { !$0.isEmpty }
  }
}
