import DataPipelines
import Testing

@Suite("The plan for a server's answer")
struct TransferPlanTests {
  func plan(_ status: Int, _ headers: [String: String] = [:], offset: Int = 0) -> TransferPlan {
    TransferPlan(status: status, headers: { headers[$0] }, offset: offset, total: 100)
  }

  @Test("writes a whole file from its beginning")
  func whole() {
    #expect(plan(200, ["content-length": "100"]) == .receive(from: 0))
    #expect(plan(200) == .receive(from: 0))
    #expect(plan(200, ["content-length": "100"], offset: 40) == .receive(from: 0))
    #expect(plan(200, ["content-length": "99"]) == .refuse(.wrongLength(expected: 100, found: 99)))
    #expect(plan(200, ["content-encoding": "identity"]) == .receive(from: 0))
    #expect(plan(200, ["content-encoding": "br"]) == .refuse(.encoded("br")))
  }

  @Test("writes a part only where it belongs")
  func part() {
    #expect(plan(206, ["content-range": "bytes 40-99/100"], offset: 40) == .receive(from: 40))
    #expect(plan(206, ["content-range": "bytes 40-79/*"], offset: 40) == .receive(from: 40))
    #expect(plan(206, ["content-range": "bytes 0-99/100"]) == .receive(from: 0))
    #expect(
      plan(206, ["content-range": "bytes 40-119/120"], offset: 40) == .refuse(.wrongLength(expected: 100, found: 120)))
    let wrong = ["bytes 39-99/100", "bytes 40-100/*", "bytes 40-39/100", "bytes 40-99", "40-99/100", "bytes a-b/c", ""]
    for range in wrong {
      #expect(
        plan(206, ["content-range": range], offset: 40)
          == .askForTheWhole(because: .wrongRange("Content-Range: \(range)")))
    }
    #expect(plan(206) == .refuse(.wrongRange("206 without Content-Range")))
  }

  @Test("asks for the whole file when the part is out of range, but not for ever")
  func outOfRange() {
    #expect(plan(416, offset: 40) == .askForTheWhole(because: .status(416)))
    #expect(plan(416) == .refuse(.status(416)))
  }

  @Test("refuses every other status", arguments: [204, 301, 304, 401, 403, 404, 429, 500, 503])
  func refused(status: Int) {
    #expect(plan(status) == .refuse(.status(status)))
  }

  @Test("reads a Content-Range with numbers beyond reason")
  func hugeNumbers() {
    #expect(ContentRange("bytes 0-99999999999999999999/*") == nil)
    #expect(ContentRange("bytes -1-5/6") == nil)
    #expect(ContentRange("bytes 0-5/5") == nil)
    #expect(ContentRange("Bytes 0-5/6")?.total == 6)
  }
}
