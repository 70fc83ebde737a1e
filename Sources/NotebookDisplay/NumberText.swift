// Numbers as text for people, independent of the locale.
extension Double {
  /// With a fixed number of decimals, rounded to nearest, a point before them: 0.98 → "0.9800".
  package func formatted(decimals: Int) -> String {
    guard isFinite, abs(self) < 1e12 else { return "\(self)" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let digits = String(Int((magnitude * scale).rounded()))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let sign = self < 0 && padded.contains { $0 != "0" } ? "-" : ""
    return sign + (decimals == 0 ? padded : padded.dropLast(decimals) + "." + padded.suffix(decimals))
  }

  /// Rounded to a whole number, thousands apart: 12345.6 → "12,346".
  package var formattedInThousands: String {
    let digits = Array(formatted(decimals: 0))
    return digits.indices.reduce(into: "") { text, index in
      let rest = digits.count - index
      if index > 0, rest % 3 == 0, digits[index - 1] != "-" { text += "," }
      text.append(digits[index])
    }
  }

  /// Seconds as m:ss or h:mm:ss.
  package var formattedAsTime: String {
    let total = isFinite ? Int(Swift.min(Swift.max(0, self), 1e9).rounded()) : 0
    let two = { (n: Int) in n < 10 ? "0\(n)" : "\(n)" }
    let (hours, minutes, seconds) = (total / 3600, total / 60 % 60, total % 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(seconds))" : "\(minutes):\(two(seconds))"
  }
}
