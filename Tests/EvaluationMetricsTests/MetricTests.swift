import EvaluationMetrics
import TensorCore
import Testing

@Suite("A metric gives scikit-learn's value, of all samples at once, in batches and in merged shards:")
struct MetricTests {
  @Test("of classes", arguments: MetricGoldens.cases("labels"))
  func labels(_ group: String) throws {
    let classes = try #require(MetricGoldens.tensors["\(group)/confusion"]).shape[0]
    try check(Accuracy(), "accuracy", in: group) { [$0.value] }
    try check(BalancedAccuracy(classes: classes), "balanced accuracy", in: group) { [$0.value] }
    try check(MatthewsCorrelation(classes: classes), "Matthews correlation", in: group) { [$0.value] }
    try check(CohenKappa(classes: classes), "Cohen's kappa", in: group) { [$0.value] }
    try check(ConfusionMatrix(classes: classes), "confusion", in: group) { $0.counts.joined().map(Double.init) }
    try check(Precision(classes: classes), "precisions", in: group, \.perClass)
    try check(Recall(classes: classes), "recalls", in: group, \.perClass)
    try check(FBeta(beta: 2, classes: classes), "F2s", in: group, \.perClass)
    for average in Average.allCases {
      let scores: [any ConfusionMetric] = [
        Precision(classes: classes, average: average), Recall(classes: classes, average: average),
        FBeta(beta: 0.5, classes: classes, average: average), FBeta(beta: 1, classes: classes, average: average),
        FBeta(beta: 2, classes: classes, average: average),
      ]
      for score in scores { try checkValue(score, in: group) }
    }
  }

  @Test("of scores", arguments: MetricGoldens.cases("scores"))
  func scores(_ group: String) throws {
    for k in 1...3 { try checkValue(TopKAccuracy(k), in: group) }
    let areLogits = MetricGoldens.tensors["\(group)/log loss"] != nil
    if areLogits { try checkValue(LogLoss(), in: group) }
    try checkRanking(areLogits ? .logits : .probabilities, in: group)
  }

  @Test("of independent labels")
  func multilabel() throws { try checkRanking(.probabilities, in: "multilabel") }

  @Test("of two classes", arguments: MetricGoldens.cases("binary"))
  func binary(_ group: String) throws {
    try checkValue(ROCAUC(), in: group)
    try checkValue(AveragePrecision(), in: group)
    if MetricGoldens.tensors["\(group)/log loss"] != nil { try checkValue(LogLoss(from: .probabilities), in: group) }
  }

  @Test("of probabilities that do not sum to 1")
  func probabilities() throws { try checkValue(LogLoss(from: .probabilities), in: "probabilities") }

  @Test("of numbers", arguments: MetricGoldens.cases("regression"))
  func regression(_ group: String) throws {
    let metrics: [any Metric<Double>] = [
      MeanAbsoluteError(), MeanSquaredError(), RootMeanSquaredError(), R2Score(), ExplainedVariance(),
    ]
    for metric in metrics { try checkValue(metric, in: group) }
  }

  @Test("of tokens, as PyTorch's cross entropy has it")
  func language() throws {
    try checkValue(Perplexity(), in: "language")
    try checkValue(Perplexity(ignoring: -100), in: "language.padded")
  }

  private func checkValue<M: Metric>(_ metric: M, in group: String) throws {
    try check(metric, metric.name, in: group) { [$0.value as? Double ?? .infinity] }
  }

  private func checkRanking(_ kind: PredictionKind, in group: String) throws {
    for average in Average.allCases {
      try check(ROCAUC(from: kind, average: average), "\(average) ROC AUC", in: group) { [$0.value] }
      try check(AveragePrecision(from: kind, average: average), "\(average) average precision", in: group) {
        [$0.value]
      }
    }
    try check(ROCAUC(from: kind), "each ROC AUC", in: group, \.perClass)
    try check(AveragePrecision(from: kind), "each average precision", in: group, \.perClass)
  }
}

@Suite("A metric")
struct MetricContractTests {
  static let all: [any Metric<Double>] = [
    Accuracy(), TopKAccuracy(2), Precision(), Recall(), FBeta(), BalancedAccuracy(), MatthewsCorrelation(),
    CohenKappa(),
    ROCAUC(), AveragePrecision(), LogLoss(), Perplexity(), MeanAbsoluteError(), MeanSquaredError(),
    RootMeanSquaredError(), R2Score(), ExplainedVariance(),
  ]

  private func isOfNumbers(_ metric: any Metric<Double>) -> Bool { metric is any RegressionMetric }

  @Test("has no value before the first sample, and a name of its own")
  func empty() {
    for metric in Self.all { #expect(metric.value.isNaN, "\(metric.name)") }
    #expect(Set(Self.all.map(\.name)).count == Self.all.count)
  }

  @Test("says whether a greater value is better: that of good predictions is on the side it names")
  func direction() throws {
    let (good, bad) = (Tensor([[4.0, 1.0, 0.0], [1.0, 4.0, 0.0], [0.0, 1.0, 4.0]]), Tensor.eye(3) * -4)
    for var better in Self.all {
      var worse = better
      let targets = isOfNumbers(better) ? good + 0.1 * Tensor.eye(3) : Tensor([0, 1, 2])
      try better.add(predictions: good, targets: targets)
      try worse.add(predictions: bad, targets: targets)
      #expect(better.greaterIsBetter ? better.value > worse.value : better.value < worse.value, "\(better.name)")
    }
  }

  @Test("names the row of a NaN, and has added nothing of its batch")
  func notANumber() throws {
    let good = Tensor([[0.5, 0.2, 0.1], [0.1, 0.6, 0.2], [0.2, 0.1, 0.9]])
    let bad = Tensor([[0.5, 0.2, 0.1], [0.1, 0.6, 0.2], [0.2, .nan, 0.9]])
    for var metric in Self.all {
      let targets = isOfNumbers(metric) ? good + 0.1 : Tensor([0, 1, 2])
      try metric.add(predictions: good, targets: targets)
      let before = metric.value
      #expect(!before.isNaN, "\(metric.name)")
      #expect(throws: MetricError.self, "\(metric.name)") { try metric.add(predictions: bad, targets: targets) }
      #expect(metric.value == before, "\(metric.name)")
      do {
        try metric.add(predictions: bad, targets: targets)
      } catch {
        let finding = isOfNumbers(metric) ? "not finite" : "not a number"
        #expect("\(error)" == "\(metric.name): row 2 of the batch has a prediction that is \(finding)")
      }
    }
  }

  @Test("refuses a target that is no class")
  func outside() throws {
    let scores = Tensor([[0.5, 0.2], [0.1, 0.6]])
    for var metric in Self.all where !isOfNumbers(metric) {
      let error = try #require(throws: MetricError.self) {
        try metric.add(predictions: scores, targets: Tensor([1, 2]))
      }
      #expect(error.row == 1 && error.finding.contains("none of the 2 classes"), "\(error)")
    }
    var matrix = ConfusionMatrix(classes: 3)
    let error = try #require(throws: MetricError.self) {
      try matrix.add(predictions: Tensor([0, -1]), targets: Tensor([0, 1]))
    }
    #expect(error.row == 1 && matrix.samples == 0)
    var loss = LogLoss(from: .probabilities)
    #expect(throws: MetricError.self) { try loss.add(predictions: Tensor([1.5]), targets: Tensor([1])) }
  }

  @Test("takes pictures of classes, Booleans, lower precisions and empty batches")
  func forms() throws {
    var accuracy = Accuracy()
    try accuracy.add(predictions: Tensor.zeros([2, 3, 4, 4]), targets: Tensor.zeros([2, 4, 4], dtype: .int32))
    #expect(accuracy.value == 1 && accuracy.samples == 32)
    var auc = ROCAUC()
    let scores = Tensor([[0.0, 1.0], [3.0, 1.0], [0.0, 2.0]]).cast(to: .bfloat16)
    try auc.add(predictions: scores, targets: Tensor([true, false, true]))
    try auc.add(predictions: scores[0..<0], targets: Tensor([true, false, true])[0..<0])
    #expect(auc.value == 1)
    for var metric in Self.all {
      let targets = isOfNumbers(metric) ? Tensor.zeros([0, 3]) : Tensor.zeros([0], dtype: .int64)
      try metric.add(predictions: Tensor.zeros([0, 3]), targets: targets)
      #expect(metric.value.isNaN, "\(metric.name)")
    }
  }

  @Test("of targets that are all the same knows that they are, whatever their mean is rounded to")
  func constant() throws {
    var (score, variance) = (R2Score(), ExplainedVariance())
    let targets = Tensor.full([7], 0.1, dtype: .float64)
    for rows in [0..<3, 3..<7] {
      try score.add(predictions: targets[rows] * 2, targets: targets[rows])
      try variance.add(predictions: targets[rows] * 2, targets: targets[rows])
    }
    #expect(score.value == 0 && variance.value == 1)
  }

  @Test("of a confident model's logits is exact where probabilities are rounded to 1")
  func confident() throws {
    var loss = LogLoss()
    try loss.add(predictions: Tensor([200.0, -200.0], dtype: .float64), targets: Tensor([0, 1]))
    #expect(loss.value == 200)
    var small = LogLoss()
    try small.add(predictions: Tensor([-50.0], dtype: .float64), targets: Tensor([0]))
    #expect(abs(small.value / 1.9287498479639178e-22 - 1) < 1e-12)
  }

  @Test("of numbers stops where a column would meet a row")
  func shapes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var error = MeanSquaredError()
      try error.add(predictions: Tensor.zeros([4, 1]), targets: Tensor.zeros([4]))
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("MSE: predictions float32 [4, 1], targets float32 [4]"), "\(message)")
  }

  @Test("of predicted classes stops where nobody said how many there are")
  func unknownClasses() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var recall = Recall()
      try recall.add(predictions: Tensor([0, 1]), targets: Tensor([0, 1]))
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("ConfusionMatrix(classes:)"), "\(message)")
  }
}
