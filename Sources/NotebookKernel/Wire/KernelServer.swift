import Dispatch
import NotebookDisplay
import Synchronization

/// A request, and the client that is to have the reply.
struct ServedRequest: Sendable {
  let message: Message
  let peer: ZMTPPeer
  /// The number of requests that came before it.
  let arrival: Int
}

/// A kernel as its clients see it: Jupyter's messaging protocol 5.4 (jupyter-client.readthedocs.io, "Messaging in Jupyter") over ZeroMQ's,
/// on five channels of the loopback interface. Requests of the shell channel take turns; those of control are answered meanwhile.
///
/// Whoever may connect may listen to iopub, as Jupyter has it; only who knows the key may ask for anything. Messages that are refused
/// are counted and never answered.
package final class KernelServer: Sendable {
  private struct State {
    var arrivals = 0
    /// Execute requests that came before this one are not run any more.
    var aborted = 0
    var executionCount = 0
    var refused: [MessageRefusal: Int] = [:]
  }

  private enum Channel { case shell, control }

  private let handler: any KernelHandler
  private let log: @Sendable (String) -> Void
  private let codec: MessageCodec
  private let publisher: Publisher
  private let inputs: InputDesk
  private let endpoints: [ZMTPEndpoint]
  private let shell = AsyncStream.makeStream(of: ServedRequest.self)
  private let control = AsyncStream.makeStream(of: ServedRequest.self)
  private let state: SharedState

  /// The state that the threads of peers share with the server.
  private final class SharedState: Sendable {
    let value = Mutex(State())
  }

  /// Listens at once. Throws an `EndpointError` where a port is taken.
  package init(
    connection: ConnectionFile, handler: any KernelHandler, limits: WireLimits = WireLimits(),
    log: @escaping @Sendable (String) -> Void
  ) throws(EndpointError) {
    self.handler = handler
    self.log = log
    let codec = MessageCodec(key: connection.key)
    let state = SharedState()
    self.codec = codec
    self.state = state

    func endpoint(
      _ channel: ConnectionFile.Channel, _ type: ZMTP.SocketType
    ) throws(EndpointError) -> ZMTPEndpoint {
      try ZMTPEndpoint(channel, of: connection, as: type, limits: limits, log: log)
    }
    let shellEndpoint = try endpoint(.shell, .router)
    let controlEndpoint = try endpoint(.control, .router)
    let iopub = try endpoint(.iopub, .publisher)
    let stdin = try endpoint(.stdin, .router)
    let heartbeat = try endpoint(.heartbeat, .reply)
    endpoints = [heartbeat, shellEndpoint, controlEndpoint, stdin, iopub]

    let decode: @Sendable ([[UInt8]]) -> Message? = { parts in
      do throws(MessageRefusal) {
        return try codec.decode(parts)
      } catch {
        let count = state.value.withLock { state in
          state.refused[error, default: 0] += 1
          return state.refused.values.reduce(0, +)
        }
        // A flood of them is not to fill the log.
        if count & (count - 1) == 0 { log("message refused: \(error); \(count) so far") }
        return nil
      }
    }
    publisher = Publisher(iopub, codec: codec)
    inputs = InputDesk(stdin, codec: codec, decode: decode)
    heartbeat.start(receive: { peer, parts in peer.send(parts) })
    for (endpoint, requests) in [
      (shellEndpoint, shell.continuation), (controlEndpoint, control.continuation),
    ] {
      endpoint.start(receive: { [control] peer, parts in
        guard let message = decode(parts) else { return }
        let arrival = state.value.withLock { state in
          state.arrivals += 1
          return state.arrivals - 1
        }
        // Old clients ask for the end on the shell channel; it is not to wait for the cell that is running.
        let channel = message.type == "shutdown_request" ? control.continuation : requests
        channel.yield(ServedRequest(message: message, peer: peer, arrival: arrival))
      })
    }
  }

  /// How many messages were refused, by reason.
  package var refused: [MessageRefusal: Int] { state.value.withLock { $0.refused } }

  /// How many messages clients missed because they read too slowly.
  package var dropped: Int { publisher.dropped }

  /// Answers requests until one asks for the end; returns whether the client wants to start the kernel anew.
  package func run() async -> Bool {
    let turns = Task {
      for await request in shell.stream {
        await serve(request, on: .shell)
        if Task.isCancelled { return }
      }
    }
    defer { turns.cancel() }
    for await request in control.stream {
      await serve(request, on: .control)
      guard request.message.type == "shutdown_request" else { continue }
      close()
      return request.message.content["restart"]?.bool ?? false
    }
    return false
  }

  /// Ends all connections, a second from now at the latest, when what was said is written. `run` returns.
  package func close() {
    shell.continuation.finish()
    control.continuation.finish()
    inputs.interrupt()
    let deadline = DispatchTime.now() + 1
    for endpoint in endpoints { endpoint.close(by: deadline) }
  }

  private func serve(_ request: ServedRequest, on channel: Channel) async {
    publish("status", ["execution_state": "busy"], for: request)
    do throws(BadRequest) {
      switch channel {
      case .shell: try await answerShell(request)
      case .control: try await answerControl(request)
      }
    } catch {
      let evalue = "\(request.message.type)'s content has no \(error.expected) `\(error.key)`"
      reply(.object(CellError(name: "BadRequest", value: evalue, traceback: []).reply), to: request)
    }
    publish("status", ["execution_state": "idle"], for: request)
  }

  private func publish(_ type: String, _ content: JSON, for request: ServedRequest) {
    publisher.publish(type, content, parent: request.message.header)
  }

  /// Replies with the type that belongs to the request's.
  private func reply(_ content: JSON, to request: ServedRequest) {
    let type = request.message.type
    let stem = type.hasSuffix("_request") ? String(type.dropLast("_request".count)) : type
    let reply = codec.encode(
      stem + "_reply", content, parent: request.message.header, prefix: request.message.identities)
    request.peer.send(reply.parts)
  }
}

// The control channel.

extension KernelServer {
  private func answerControl(_ request: ServedRequest) async throws(BadRequest) {
    switch request.message.type {
    case "interrupt_request":
      inputs.interrupt()
      await handler.interrupt()
      reply(["status": "ok"], to: request)
    case "shutdown_request":
      let restart = request.message.content["restart"]?.bool ?? false
      inputs.interrupt()
      await handler.shutdown(restart: restart)
      let content: JSON = ["status": "ok", "restart": .bool(restart)]
      reply(content, to: request)
      publish("shutdown_reply", content, for: request)
    case "debug_request":
      let content = request.message.content
      reply(
        [
          "type": "response", "success": false, "command": content["command"] ?? "",
          "request_seq": content["seq"] ?? 0, "message": "this kernel has no debugger",
        ], to: request)
    case "kernel_info_request":
      try await answerShell(request)
    default:
      ignore(request)
    }
  }
}

// The shell channel.

extension KernelServer {
  private func answerShell(_ request: ServedRequest) async throws(BadRequest) {
    let content = request.message.content
    switch request.message.type {
    case "execute_request":
      try await execute(request)
    case "kernel_info_request":
      reply(await handler.info.reply, to: request)
    case "complete_request":
      let code = try content.text("code")
      reply(await handler.complete(code, cursor: try content.cursor(in: code)).reply, to: request)
    case "inspect_request":
      let code = try content.text("code")
      let bundle = await handler.inspect(
        code, cursor: try content.cursor(in: code), detail: content["detail_level"]?.integer ?? 0)
      reply(
        [
          "status": "ok", "found": .bool(bundle != nil), "data": bundle.map { JSON($0) } ?? [:], "metadata": [:],
        ], to: request)
    case "is_complete_request":
      reply(await handler.isComplete(try content.text("code")).reply, to: request)
    case "history_request":
      let history = try content.historyRequest()
      let entries = await handler.history(history).map { $0.reply(withOutput: history.withOutput) }
      reply(["status": "ok", "history": .array(entries)], to: request)
    case "comm_info_request":
      reply(["status": "ok", "comms": [:]], to: request)
    case "comm_open":
      // No target is registered here, and the protocol asks to say so by closing.
      publish("comm_close", ["comm_id": content["comm_id"] ?? "", "data": [:]], for: request)
    case "comm_msg", "comm_close":
      break
    default:
      ignore(request)
    }
  }

  private func ignore(_ request: ServedRequest) {
    log("message ignored: nothing here answers the type \(request.message.type.debugDescription)")
  }

  private func execute(_ request: ServedRequest) async throws(BadRequest) {
    let content = request.message.content
    let code = try content.text("code")
    let silent = content["silent"]?.bool ?? false
    let storeHistory = !silent && content["store_history"]?.bool ?? true
    let (isAborted, count) = state.value.withLock { state in
      let isAborted = request.arrival < state.aborted
      if storeHistory && !isAborted { state.executionCount += 1 }
      return (isAborted, state.executionCount)
    }
    if isAborted { return reply(["status": "aborted", "execution_count": .integer(count)], to: request) }
    if !silent {
      publish("execute_input", ["code": .string(code), "execution_count": .integer(count)], for: request)
    }
    let output = RequestOutput(request, count: count, isSilent: silent, publisher: publisher, inputs: inputs)
    let result = await handler.execute(
      ExecuteRequest(
        code: code, silent: silent, storeHistory: storeHistory,
        userExpressions: content["user_expressions"]?.object?.compactMapValues(\.string) ?? [:],
        executionCount: count, cellID: request.message.metadata["cellId"]?.string),
      to: output)
    // A cell that ended does not wait for an answer any more.
    inputs.interrupt()
    if case .failed(let error) = result {
      output.fail(error)
      if !silent, content["stop_on_error"]?.bool ?? true {
        state.value.withLock { $0.aborted = $0.arrivals }
      }
    }
    output.flush()
    reply(result.reply(count: count, pages: output.pages), to: request)
  }
}

/// A request whose content lacks something.
private struct BadRequest: Error {
  let key: String
  let expected: String
}

extension JSON {
  fileprivate func text(_ key: String) throws(BadRequest) -> String {
    guard let text = self[key]?.string else { throw BadRequest(key: key, expected: "string") }
    return text
  }

  fileprivate func number(_ key: String) throws(BadRequest) -> Int {
    guard let number = self[key]?.integer else { throw BadRequest(key: key, expected: "integer") }
    return number
  }

  /// A position in Unicode scalars; the end where none is given, and no position beyond it.
  fileprivate func cursor(in code: String) throws(BadRequest) -> Int {
    let end = code.unicodeScalars.count
    return self["cursor_pos"] == nil ? end : max(0, min(try number("cursor_pos"), end))
  }

  fileprivate func historyRequest() throws(BadRequest) -> HistoryRequest {
    let access: HistoryRequest.Access
    switch try text("hist_access_type") {
    case "tail": access = .tail(max(0, try number("n")))
    case "range":
      let start = try number("start")
      let stop = self["stop"]?.integer ?? Int.max
      access = .range(session: self["session"]?.integer ?? 0, lines: start..<max(start, stop))
    case "search":
      access = .search(
        pattern: self["pattern"]?.string ?? "*", self["n"]?.integer ?? Int.max, unique: self["unique"]?.bool ?? false)
    default: throw BadRequest(key: "hist_access_type", expected: "tail, range or search in")
    }
    return HistoryRequest(access: access, withOutput: self["output"]?.bool ?? false)
  }
}
