import Applications
import ArgumentParser
import Foundation
import Serving
import TensorIO

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "glassbox serve",
    abstract: "Answer requests over HTTP with a trained model.",
    discussion: """
      RUN is the folder of a run that has ended, or a model's file. The server listens on this machine alone unless --host \
      says otherwise. Its page, /, tries the model: draw a digit, type a review. Requests: POST /predict with JSON; what \
      the model is: GET /model; GET /health; GET /metrics for Prometheus. Ctrl-C or SIGTERM ends it, when what is under \
      way is answered.

      Examples:

        glassbox serve runs/digits-lenet-20260102-030405
        glassbox serve income.safetensors --port 9000 --host 0.0.0.0
        curl -s localhost:8080/predict -H 'Content-Type: application/json' -d '{"text": "A fine film."}'
      """)

  @Argument(help: ArgumentHelp("A run's folder, or a model's file.", valueName: "run"))
  var trained: String

  @Option(help: ArgumentHelp("The address to listen on; 0.0.0.0 is all of this machine's.", valueName: "address"))
  var host = "127.0.0.1"

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The port to listen on; 0 takes one that is free.", valueName: "n"))
  var port = 8080

  @Option(parsing: .unconditional, help: ArgumentHelp("The most bytes of a request's body.", valueName: "bytes"))
  var maxBody = ServiceLimits().body

  @Option(parsing: .unconditional, help: ArgumentHelp("The most requests computed together.", valueName: "n"))
  var maxBatch = ServiceLimits().batch

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The most requests that wait for the model; others get 503.", valueName: "n"))
  var maxQueue = ServiceLimits().queue

  @Option(parsing: .unconditional, help: ArgumentHelp("The most connections at a time.", valueName: "n"))
  var maxConnections = ServiceLimits().connections

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How long a request may wait for its answer; then it gets 504.", valueName: "seconds"))
  var timeout = ServiceLimits().time.components.seconds

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How long a client may take to send a request; then it gets 408.", valueName: "seconds"))
  var readTimeout = ServiceLimits().reading.components.seconds

  func validate() throws {
    func require(_ holds: Bool, _ message: String) throws { if !holds { throw ValidationError(message) } }
    try require((0...65535).contains(port), "--port must be in 0...65535")
    try require(!host.isEmpty, "--host must be an address")
    let numbers = [
      ("--max-body", maxBody), ("--max-batch", maxBatch), ("--max-queue", maxQueue),
      ("--max-connections", maxConnections), ("--timeout", Int(timeout)), ("--read-timeout", Int(readTimeout)),
    ]
    for (name, value) in numbers { try require(value >= 1, "\(name) must be 1 or more") }
  }

  func run() async throws {
    let model = try ServedModel(contentsOf: URL(filePath: trained).modelFile)
    var limits = ServiceLimits()
    (limits.body, limits.batch, limits.queue, limits.connections) = (maxBody, maxBatch, maxQueue, maxConnections)
    (limits.time, limits.reading) = (.seconds(timeout), .seconds(readTimeout))
    let service = ModelService(model, limits: limits)
    let (host, trained) = (host, trained)
    try await service.run(host: host, port: port) { port in
      let name = host.contains(":") ? "[\(host)]" : host
      print("model    \(trained)\naddress  http://\(name):\(port)/\nCtrl-C ends it.")
      fflush(nil)
    }
  }
}
