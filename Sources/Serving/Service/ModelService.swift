import Foundation
import Hummingbird
import Logging
import NIOCore
import NotebookDisplay
import ServiceLifecycle

/// A trained model behind HTTP: answers requests in batches, within limits, and counts what it does.
///
/// Routes: `GET /` a page to try the model, `GET /health`, `GET /metrics` for Prometheus, `GET /model` what the model is, `POST /predict`, and for
/// language models `POST /generate`.
package struct ModelService: Sendable {
  package let limits: ServiceLimits
  private let card: ModelCard
  private let runner: ModelRunner
  private let batcher: RequestBatcher<ModelInput, Result<[ModelAnswer], RequestProblem>>
  private let metrics = ServiceMetrics()

  package init(_ model: sending ServedModel, limits: ServiceLimits = ServiceLimits()) {
    self.limits = limits
    card = model.card
    let runner = ModelRunner(model)
    self.runner = runner
    batcher = RequestBatcher(.init(batch: limits.batch, queue: limits.queue, time: limits.time)) { requests in
      try await runner.answers(to: requests)
    }
  }

  /// Serves until a signal asks it to end, or the task is cancelled: what is under way is finished then, and nothing new taken.
  ///
  /// - Parameters:
  ///   - port: 0 takes any that is free.
  ///   - signals: Whether SIGTERM and SIGINT end it.
  ///   - started: Gets the port when connections are taken.
  package func run(
    host: String = "127.0.0.1", port: Int, signals: Bool = true, started: @escaping @Sendable (Int) -> Void
  ) async throws {
    // What matters is thrown, or answered; what Hummingbird calls errors are clients that left.
    var logger = Logger(label: "glassbox")
    logger.logLevel = .critical
    let (reading, responding) = (limits.reading, limits.reading + max(limits.time, limits.writing) + .seconds(5))
    let application = Application(
      responder: CallbackResponder<BasicRequestContext> { request, _ in await respond(to: request) },
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [
            SlowClients(reading: TimeAmount(reading), responding: TimeAmount(responding))
          ],
          // It ends a connection without a word, and must not come before what says why.
          idleTimeout: TimeAmount(reading * 2))),
      configuration: ApplicationConfiguration(
        address: .hostname(host, port: port),
        availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
      onServerRunning: { started($0.localAddress?.port ?? port) }, logger: logger)
    var configuration = ServiceGroupConfiguration(
      services: [.init(service: application)], gracefulShutdownSignals: signals ? [.sigterm, .sigint] : [],
      logger: logger)
    configuration.maximumGracefulShutdownDuration = responding + .seconds(5)
    do {
      try await ServiceGroup(configuration: configuration).run()
    } catch let error as IOError {
      throw ListeningError(host: host, port: port, reason: String(cString: strerror(error.errnoCode)))
    }
  }
}

/// A server can't be reached at its address.
package struct ListeningError: Error, CustomStringConvertible {
  let host: String
  let port: Int
  /// The system's own words.
  let reason: String

  package var description: String {
    "Cannot listen on \(host), port \(port): \(reason). Choose another --host or --port."
  }
}

// MARK: - Routes

extension ModelService {
  private enum Route: String, CaseIterable {
    case page = "/"
    case health = "/health"
    case metrics = "/metrics"
    case model = "/model"
    case predict = "/predict"
    case generate = "/generate"

    var method: HTTPRequest.Method { self == .predict || self == .generate ? .post : .get }
  }

  private func respond(to request: Request) async -> Response {
    let start = ContinuousClock.now
    let path = request.uri.path
    let routes = Route.allCases.filter { $0 != .generate || card.writes }
    let route = routes.first { $0.rawValue == path }
    let response: Response
    do throws(RequestProblem) {
      guard let route else { throw .noRoute(path, present: routes.map(\.rawValue)) }
      if request.method != route.method { throw .wrongMethod(request.method, allowed: route.method) }
      response = try await answer(request, route)
    } catch {
      response = error.response
    }
    metrics.record(
      route: route?.rawValue ?? "other", status: response.status.code,
      seconds: (ContinuousClock.now - start).seconds)
    return response
  }

  private func answer(_ request: Request, _ route: Route) async throws(RequestProblem) -> Response {
    switch route {
    case .page: return ServicePage.response
    case .health: return .json(["status": "ok"])
    case .model: return .json(card.facts)
    case .metrics:
      let computed = await batcher.computed
      let text = metrics.text(
        queue: await batcher.waitingCount, batches: computed.batches, batchedRequests: computed.requests)
      return Response(
        status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    case .predict: return try await predict(request)
    case .generate: return try await generate(request)
    }
  }

  private func predict(_ request: Request) async throws(RequestProblem) -> Response {
    let top = try request.number("top", in: 1...Int.max) ?? .max
    let type = try request.type(of: card.reader.types)
    let body = try await request.body(upTo: limits.body)
    let input = try card.reader.input(body, type: type, limit: limits.items)
    if card.writes {
      for (index, text) in input.texts.enumerated() {
        try RequestProblem.require(prompt: text, at: input.place(index), limit: limits.prompt)
      }
    }
    let answers: Result<[ModelAnswer], RequestProblem>
    do {
      answers = try await batcher.answer(input)
    } catch RequestError.queueFull {
      throw .busy("\(limits.queue) requests wait already: try again later.")
    } catch RequestError.timedOut {
      throw .late(after: limits.time)
    } catch {
      throw RequestProblem(status: .internalServerError, message: "\(error)")
    }
    let all = try answers.get()
    if let index = all.firstIndex(where: { !$0.isFinite }) {
      throw .unusable(input.place(index), expected: "input with a finite answer", found: "none")
    }
    let values = all.map { $0.json(top: top) }
    return .json(input.isList ? ["predictions": .array(values)] : values[0])
  }
}

// MARK: - Writing

extension ModelService {
  /// Pieces of text as they are written, a line of JSON each; the last line says why it ended, and the seed with which all comes again.
  private func generate(_ request: Request) async throws(RequestProblem) -> Response {
    _ = try request.type(of: ["application/json"])
    let asked = try Continuation(
      await request.body(upTo: limits.body), limits: (prompt: limits.prompt, tokens: limits.tokens))
    let story = try await runner.begin(asked, limit: limits.stories)
    let deadline = ContinuousClock.now + limits.writing
    let body = ResponseBody { writer in
      var count = 0
      var end = "end of text"
      while true {
        if ContinuousClock.now >= deadline {
          end = "time"
          break
        }
        guard let piece = await story.next() else {
          if count == asked.count { end = "count" }
          break
        }
        count += 1
        if !piece.isEmpty { try await writer.write(line: ["text": .string(piece)]) }
      }
      try await writer.write(line: ["end": .string(end), "tokens": .integer(count), "seed": .integer(asked.seed)])
      try await writer.finish(nil)
    }
    return Response(
      status: .ok, headers: [.contentType: "application/x-ndjson", .cacheControl: "no-store"], body: body)
  }
}

extension ResponseBodyWriter {
  fileprivate mutating func write(line: JSON) async throws {
    try await write(ByteBuffer(bytes: line.encoded + [UInt8(ascii: "\n")]))
  }
}

extension Request {
  /// The body's type, which must be one of these; parameters of it don't count.
  fileprivate func type(of types: [String]) throws(RequestProblem) -> String {
    let found = headers[.contentType]
    let name = found?.prefix { $0 != ";" }.trimming { $0 == " " }.lowercased()
    guard let name, types.contains(name) else { throw .wrongType(types, found: found) }
    return name
  }

  fileprivate func body(upTo limit: Int) async throws(RequestProblem) -> [UInt8] {
    let length = headers[.contentLength].flatMap(Int.init)
    if let length, length > limit { throw .tooLarge(limit: limit) }
    var bytes: [UInt8] = []
    do {
      for try await piece in body {
        if bytes.count + piece.readableBytes > limit { throw RequestProblem.tooLarge(limit: limit) }
        bytes += piece.readableBytesView
      }
    } catch let problem as RequestProblem {
      throw problem
    } catch {
      throw .malformed("The body: expected all of it, found its end after \(bytes.count) bytes.")
    }
    if let length, bytes.count < length {
      throw .malformed("The body: expected \(length) bytes, found its end after \(bytes.count).")
    }
    return bytes
  }

  /// A whole number in the query; nil where it has none of that name.
  fileprivate func number(_ name: String, in range: ClosedRange<Int>) throws(RequestProblem) -> Int? {
    guard let text = uri.queryParameters[Substring(name)] else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw .unusable(name, expected: "a whole number from \(range.lowerBound)", found: "\"\(text)\"")
    }
    return number
  }
}

extension StringProtocol {
  fileprivate func trimming(_ isSpace: (Character) -> Bool) -> SubSequence {
    guard let start = firstIndex(where: { !isSpace($0) }), let end = lastIndex(where: { !isSpace($0) }) else {
      return self[endIndex...]
    }
    return self[start...end]
  }
}
