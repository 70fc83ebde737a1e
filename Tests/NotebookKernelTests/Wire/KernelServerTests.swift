import Foundation
import NotebookDisplay
import NotebookKernel
import Synchronization
import Testing

@Suite("A kernel's server", .timeLimit(.minutes(10)))
struct KernelServerTests {
  @Test("says what kernel it is, with busy and idle around it")
  func kernelInfo() async throws {
    try await withKernel { _, connection in
      let client = try await TestClient(connection)
      let id = try await client.send("kernel_info_request")
      let reply = try await client.receive(on: client.shell)
      #expect(reply.type == "kernel_info_reply" && reply.parentID == id)
      #expect(reply.content["status"] == "ok" && reply.content["protocol_version"] == "5.4")
      #expect(reply.content["implementation"] == "script" && reply.content["banner"] == "a banner")
      #expect(reply.content["language_info"]?["name"] == "swift")
      #expect(reply.content["language_info"]?["file_extension"] == ".swift")
      let published = try await client.published(for: id)
      #expect(published.map(\.content) == [["execution_state": "busy"], ["execution_state": "idle"]])
      for message in published + [reply] {
        #expect(message.header["version"] == "5.4")
        let date = try #require(message.header["date"]?.string)
        let sent = try Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(date)
        #expect(abs(sent.timeIntervalSinceNow) < 60 && date.hasSuffix("Z"))
      }
      #expect(Set((published + [reply]).map(\.id)).count == 3)
      #expect(try await client.ask("kernel_info_request", on: client.control)["status"] == "ok")
    }
  }

  @Test("shows what a cell shows in its order, text in pieces before anything else")
  func execute() async throws {
    let handler = ScriptHandler()
    try await withKernel(handler) { _, connection in
      let client = try await TestClient(connection)
      let (reply, output) = try await client.run("show", ["user_expressions": ["a": "1", "b": "bad"]])
      #expect(
        output.map(\.type) == [
          "status", "execute_input", "stream", "stream", "display_data", "stream", "update_display_data",
          "clear_output", "execute_result", "status",
        ])
      try #require(output.count == 10)
      #expect(output[1].content == ["code": "show", "execution_count": 1])
      #expect(output[2].content == ["name": "stdout", "text": "before"])
      #expect(output[3].content == ["name": "stderr", "text": "a warning"])
      #expect(output[4].content["data"] == ["text/plain": "a square", "image/png": "AQID"])
      #expect(output[4].content["transient"] == ["display_id": "place"])
      #expect(output[5].content["text"] == "between")
      #expect(output[6].content["data"]?["application/x+json"] == ["a": [1, 2.5]])
      #expect(output[6].content["transient"] == ["display_id": "place"])
      #expect(output[7].content == ["wait": true])
      #expect(output[8].content == ["execution_count": 1, "data": ["text/plain": "42"], "metadata": [:]])
      #expect(reply["status"] == "ok" && reply["execution_count"] == 1 && reply["payload"] == [])
      #expect(reply["user_expressions"]?["a"]?["data"] == ["text/plain": "1"])
      #expect(reply["user_expressions"]?["b"]?["ename"] == "Bad")
    }
  }

  @Test("hands help over with the reply, and not as an output")
  func pages() async throws {
    try await withKernel(ScriptHandler()) { _, connection in
      let client = try await TestClient(connection)
      let (reply, output) = try await client.run("help")
      #expect(reply["payload"] == [["source": "page", "data": ["text/plain": "how to"], "start": 0]])
      #expect(output.map(\.type) == ["status", "execute_input", "status"])
    }
  }

  @Test("counts the runs that are stored, shows nothing of silent ones, and hands over the cell's identifier")
  func counting() async throws {
    let handler = ScriptHandler()
    try await withKernel(handler) { _, connection in
      let client = try await TestClient(connection)
      #expect(try await client.run("say 1").reply["execution_count"] == 1)
      let silent = try await client.run("show", ["silent": true])
      #expect(silent.output.map(\.type) == ["status", "status"] && silent.reply["execution_count"] == 1)
      let unstored = try await client.run("say 2", ["store_history": false])
      #expect(unstored.reply["execution_count"] == 1 && unstored.output.count == 4)
      let last = try await client.ask("execute_request", ["code": "say 3"], metadata: ["cellId": "a-cell"])
      #expect(last["execution_count"] == 2)
      #expect(handler.executed.map(\.cellID) == [nil, nil, nil, "a-cell"])
      #expect(handler.executed.map(\.silent) == [false, true, false, false])
      #expect(handler.executed.map(\.storeHistory) == [true, false, false, true])
    }
  }

  @Test("shows a cell's error, and does not run what was waiting behind it")
  func abort() async throws {
    let handler = ScriptHandler()
    try await withKernel(handler) { _, connection in
      let client = try await TestClient(connection)
      let failed = try await client.run("fail because")
      #expect(failed.output.map(\.type) == ["status", "execute_input", "error", "status"])
      #expect(
        failed.output[2].content
          == ["ename": "Failure", "evalue": "because", "traceback": ["line 1", "because"]])
      #expect(failed.reply["status"] == "error" && failed.reply["ename"] == "Failure")
      #expect(failed.reply["execution_count"] == 1)

      for stopsOnError in [true, false] {
        try await client.send("execute_request", ["code": "waitAndFail", "stop_on_error": .bool(stopsOnError)])
        try await client.send("execute_request", ["code": "say 1"])
        try await client.send("kernel_info_request")
        try await client.send("execute_request", ["code": "say 2"])
        try await handler.untilWaiting()
        // All of them have come once the one after them, on the same connection, would be answered: so give the kernel a moment.
        try await Task.sleep(for: .milliseconds(300))
        #expect(try await client.ask("interrupt_request", on: client.control)["status"] == "ok")
        var statuses: [JSON?] = []
        for _ in 0..<4 { statuses.append(try await client.receive(on: client.shell).content["status"]) }
        #expect(statuses == (stopsOnError ? ["error", "aborted", "ok", "aborted"] : ["error", "ok", "ok", "ok"]))
      }
      #expect(handler.executed.map(\.code) == ["fail because", "waitAndFail", "waitAndFail", "say 1", "say 2"])
      #expect(try await client.ask("execute_request", ["code": "say 3"])["status"] == "ok")
    }
  }

  @Test("answers the control channel while a cell runs, and interrupts it")
  func interrupt() async throws {
    let handler = ScriptHandler()
    try await withKernel(handler) { _, connection in
      let client = try await TestClient(connection)
      let id = try await client.send("execute_request", ["code": "wait"])
      try await handler.untilWaiting()
      // What a cell said is seen while it runs.
      #expect(try await client.published("stream").content["text"] == "waiting")
      #expect(try await client.ask("kernel_info_request", on: client.control)["status"] == "ok")
      let debug = try await client.ask("debug_request", ["command": "attach", "seq": 7], on: client.control)
      #expect(debug["success"] == false && debug["command"] == "attach" && debug["request_seq"] == 7)
      #expect(handler.interrupts == 0)
      #expect(try await client.ask("interrupt_request", on: client.control)["status"] == "ok")
      let reply = try await client.receive(on: client.shell)
      #expect(reply.parentID == id && reply.content["status"] == "ok")
      #expect(handler.interrupts == 1)
    }
  }

  @Test("completes, inspects, and says whether code is complete")
  func assistance() async throws {
    try await withKernel { _, connection in
      let client = try await TestClient(connection)
      #expect(
        try await client.ask("complete_request", ["code": "pr", "cursor_pos": 2]) == [
          "status": "ok", "matches": ["print", "private"], "cursor_start": 0, "cursor_end": 2,
          "metadata": ["length": 2],
        ])
      let beyond = try await client.ask("complete_request", ["code": "🇩🇪e\u{301}", "cursor_pos": 99])
      #expect(beyond["cursor_end"] == 4)
      #expect(
        try await client.ask("inspect_request", ["code": "abs", "cursor_pos": 1, "detail_level": 1]) == [
          "status": "ok", "found": true, "data": ["text/plain": "abs at 1 in detail 1"], "metadata": [:],
        ])
      #expect(
        try await client.ask("inspect_request", ["code": "unknown", "cursor_pos": 1])
          == ["status": "ok", "found": false, "data": [:], "metadata": [:]])
      #expect(
        try await client.ask("is_complete_request", ["code": "if {"]) == ["status": "incomplete", "indent": "  "])
      #expect(try await client.ask("is_complete_request", ["code": "}"]) == ["status": "invalid"])
      #expect(try await client.ask("is_complete_request", ["code": "1"]) == ["status": "complete"])
    }
  }

  @Test("gives the history that its handler has")
  func history() async throws {
    let handler = ScriptHandler()
    try await withKernel(handler) { _, connection in
      let client = try await TestClient(connection)
      #expect(
        try await client.ask("history_request", ["hist_access_type": "tail", "n": 5, "output": false, "raw": true])
          == ["status": "ok", "history": [[1, 2, "in"]]])
      let range = try await client.ask(
        "history_request", ["hist_access_type": "range", "session": 0, "start": 3, "stop": 5, "output": true])
      #expect(range["history"] == [[1, 2, ["in", "out"]]])
      _ = try await client.ask(
        "history_request", ["hist_access_type": "search", "pattern": "a*", "n": 2, "unique": true])
      #expect(
        handler.histories.map(\.access) == [
          .tail(5), .range(session: 0, lines: 3..<5), .search(pattern: "a*", 2, unique: true),
        ])
    }
  }

  @Test("has no comms: it lists none and closes what is opened")
  func comms() async throws {
    try await withKernel { _, connection in
      let client = try await TestClient(connection)
      #expect(try await client.ask("comm_info_request") == ["status": "ok", "comms": [:]])
      let id = try await client.send("comm_open", ["comm_id": "c1", "target_name": "widget", "data": [:]])
      let closing = try await client.published(for: id)
      #expect(closing.map(\.type) == ["status", "comm_close", "status"])
      #expect(closing[1].content == ["comm_id": "c1", "data": [:]])
      try await client.send("comm_msg", ["comm_id": "c1", "data": [:]])
      #expect(try await client.ask("kernel_info_request")["status"] == "ok")
    }
  }

  @Test("ignores types that it does not know, and says so in its log")
  func unknown() async throws {
    let logged = Mutex<[String]>([])
    let log: @Sendable (String) -> Void = { line in logged.withLock { $0.append(line) } }
    try await withKernel(log: log) { _, connection in
      let client = try await TestClient(connection)
      try await client.send("brew_coffee_request")
      try await client.send("execute_request", ["code": "say 1"], on: client.control)
      #expect(try await client.ask("kernel_info_request")["status"] == "ok")
      #expect(try await client.ask("kernel_info_request", on: client.control)["status"] == "ok")
      let lines = logged.withLock { $0 }
      #expect(
        lines.contains { $0.contains("brew_coffee_request") } && lines.contains { $0.contains("execute_request") })
    }
  }

  @Test(
    "tells who asks for something without saying for what",
    arguments: [
      ("execute_request", "string `code`"), ("complete_request", "string `code`"), ("inspect_request", "string `code`"),
      ("is_complete_request", "string `code`"), ("history_request", "string `hist_access_type`"),
    ])
  func incomplete(_ type: String, _ missing: String) async throws {
    try await withKernel { _, connection in
      let client = try await TestClient(connection)
      let reply = try await client.ask(type, ["code": 1])
      #expect(reply["status"] == "error" && reply["evalue"] == "\(type)'s content has no \(missing)")
    }
  }

  @Test("asks the client whose cell wants input, and no other")
  func input() async throws {
    try await withKernel { _, connection in
      let asking = try await TestClient(connection)
      let other = try await TestClient(connection)
      let id = try await asking.send("execute_request", ["code": "ask name?", "allow_stdin": true])
      let question = try await asking.receive(on: asking.stdin)
      #expect(question.type == "input_request" && question.parentID == id)
      #expect(question.content == ["prompt": "name?", "password": false])
      // Neither another client's answer counts nor one to an older question.
      try await other.send("input_reply", ["value": "intruder"], on: other.stdin)
      let late = asking.parts("input_reply", ["value": "late"], parent: ["msg_id": "older"])
      try await asking.stdin.send(late.parts)
      try await asking.stdin.send(
        asking.parts("input_reply", ["value": "Ada"], parent: ["msg_id": .string(question.id)]).parts)
      #expect(try await asking.published("stream").content["text"] == "answer: Ada")

      try await asking.send("execute_request", ["code": "askSecretly key?", "allow_stdin": true])
      let secret = try await asking.receive(on: asking.stdin)
      #expect(secret.content == ["prompt": "key?", "password": true])
      try await asking.send("input_reply", ["value": "xyz"], on: asking.stdin)
      #expect(try await asking.published("stream").content["text"] == "answer: xyz")
    }
  }

  @Test("ends a question at an interrupt, at the end of input, and where nobody answers")
  func noInput() async throws {
    try await withKernel { _, connection in
      let client = try await TestClient(connection)
      #expect(try await client.run("ask name?").reply["evalue"]?.string?.contains("allow_stdin is false") == true)

      try await client.send("execute_request", ["code": "ask name?", "allow_stdin": true])
      _ = try await client.receive(on: client.stdin)
      #expect(try await client.ask("interrupt_request", on: client.control)["status"] == "ok")
      #expect(try await client.receive(on: client.shell).content["evalue"] == "interrupted while waiting for input")

      try await client.send("execute_request", ["code": "ask name?", "allow_stdin": true])
      _ = try await client.receive(on: client.stdin)
      try await client.send("input_reply", ["value": "\u{4}"], on: client.stdin)
      #expect(try await client.receive(on: client.shell).content["evalue"] == "end of input")

      try await client.send("execute_request", ["code": "ask name?", "allow_stdin": true])
      _ = try await client.receive(on: client.stdin)
      client.stdin.finish()
      let reply = try await client.receive(on: client.shell)
      #expect(reply.content["evalue"]?.string?.contains("not connected to the channel stdin") == true)
    }
  }

  @Test("ends when it is asked to, tells everyone, and leaves its ports to the next", arguments: [true, false])
  func shutdown(restart: Bool) async throws {
    let handler = ScriptHandler()
    let connection = try connectionFile(ports: try freePorts())
    let server = try KernelServer(connection: connection, handler: handler, log: { _ in })
    let serving = Task { await server.run() }
    let client = try await TestClient(connection)
    let other = try await TestClient(connection)
    try await client.send("execute_request", ["code": "wait"])
    try await handler.untilWaiting()
    // Old clients ask on the shell channel, where a cell runs.
    let socket = restart ? client.control : client.shell
    try await client.send("shutdown_request", ["restart": .bool(restart)], on: socket)
    while true {
      let reply = try await client.receive(on: socket)
      guard reply.type == "shutdown_reply" else { continue }
      #expect(reply.content == ["status": "ok", "restart": .bool(restart)])
      break
    }
    #expect(try await other.published("shutdown_reply").content["restart"] == .bool(restart))
    #expect(await serving.value == restart)
    #expect(handler.shutdowns == [restart])
    #expect(await client.shell.isClosedByKernel())
    let next = try KernelServer(connection: connection, handler: handler, log: { _ in })
    next.close()
  }

  @Test("says which port of which channel another kernel has")
  func taken() async throws {
    try await withKernel { _, connection in
      let error = #expect(throws: EndpointError.self) {
        _ = try KernelServer(connection: connection, handler: ScriptHandler(), log: { _ in })
      }
      let text = try #require(error).description
      #expect(text.contains("127.0.0.1:\(connection.port(of: .shell))") && text.contains("channel shell"), "\(text)")
      #expect(text.contains("in use"), "\(text)")
    }
  }

  @Test("keeps the frames of the way that a request came")
  func routing() async throws {
    try await withKernel { _, connection in
      let client = try await TestClient(connection)
      try await client.shell.send([[1, 2], [], [3]] + client.parts("kernel_info_request", [:]).parts)
      let reply = try await client.shell.receive()
      #expect(reply.count == 9 && Array(reply[..<3]) == [[1, 2], [], [3]])
      // Buffers are not signed, and not read.
      try await client.shell.send(client.parts("kernel_info_request", [:]).parts + [[1, 2, 3]])
      #expect(try await client.receive(on: client.shell).type == "kernel_info_reply")
    }
  }

  @Test("talks without signatures where there is no key")
  func unsigned() async throws {
    try await withKernel(key: "") { server, connection in
      let client = try await TestClient(connection)
      #expect(try await client.run("say 1").reply["status"] == "ok")
      #expect(server.refused.isEmpty)
    }
  }

  @Test("sends a heartbeat back")
  func heartbeat() async throws {
    try await withKernel { _, connection in
      let heart = try await ClientSocket.connected("REQ", port: connection.port(of: .heartbeat))
      for beat in [[], Array("ping".utf8), [UInt8](repeating: 7, count: 300)] {
        try await heart.send([[], beat])
        #expect(try await heart.receive() == [[], beat])
      }
    }
  }
}
