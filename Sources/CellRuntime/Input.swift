import Glibc

/// Asks whoever reads the notebook for a line: the standard library's function, which it shadows in cells. nil: there is no more input.
public func readLine(strippingNewline: Bool = true) -> String? {
  guard let host = Host.current else { return Swift.readLine(strippingNewline: strippingNewline) }
  guard let line = host.ask("", isPassword: false) else { return nil }
  return strippingNewline ? line : line + "\n"
}

/// Asks for a line, and says for what. A password is not shown while it is typed.
public func readLine(prompt: String, isPassword: Bool = false) -> String? {
  guard let host = Host.current else {
    print(prompt, terminator: "")
    return Swift.readLine()
  }
  return host.ask(prompt, isPassword: isPassword)
}

extension Host {
  fileprivate func ask(_ prompt: String, isPassword: Bool) -> String? {
    emit(["input", encoded(prompt), isPassword ? "1" : "0"])
    guard let line = nextInput() else { return nil }
    defer { free(line) }
    return String(cString: line)
  }
}
