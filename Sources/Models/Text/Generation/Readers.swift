import TensorCore

/// Sequences of one length side by side that a model reads on, and what it remembers of them.
///
/// When its context is full, it forgets all and reads the later half again: the next tokens cost a step each until it is full once more.
struct Readers<Model: LanguageModel> {
  private let model: Model
  private(set) var rows: [[Int]]
  private var memory: Model.Memory?
  /// The places that the memory holds, and those behind them that are still to be read.
  private var held = 0
  private var unread: Int

  init(_ model: Model, reading start: [Int]) { (self.model, rows, unread) = (model, [start], start.count) }

  /// The logits for what follows each row, [rows, vocabulary]: once after ``init(_:reading:)`` and each ``go(on:)``.
  mutating func next() -> Tensor {
    if let context = model.context, held + unread > context {
      (memory, held, unread) = (nil, 0, max(context / 2, 1))
    }
    let tokens = Tensor(rows.flatMap { $0.suffix(unread) }, shape: [rows.count, unread])
    (held, unread) = (held + unread, 0)
    return model.read(tokens, &memory)
  }

  /// Goes on with these rows, each by a token.
  mutating func go(on steps: [(row: Int, token: Int)]) {
    let sources = steps.map(\.row)
    if sources != Array(rows.indices) {
      memory = memory.map { model.rows(sources, of: $0) }
      rows = sources.map { rows[$0] }
    }
    for (row, step) in steps.enumerated() { rows[row].append(step.token) }
    unread += 1
  }
}
