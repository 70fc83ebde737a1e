import TensorCore

/// In which order a date's year, month and day stand.
public enum DateOrder: String, Sendable, Hashable, Codable {
  case yearMonthDay, dayMonthYear, monthDayYear
}

/// A time in the Gregorian calendar, with the parts of its date. Times are seconds since 1970-01-01 00:00 UTC, as `Date` has them.
///
/// ```swift
/// let time = CalendarTime(secondsSince1970: 1_709_210_096)
/// time  // → 2024-02-29 12:34:56
/// time.weekday  // → 3
/// time.dayOfYear  // → 60
/// ```
public struct CalendarTime: Sendable, Hashable, CustomStringConvertible {
  public let secondsSince1970: Double
  public let year: Int
  /// From 1.
  public let month: Int
  /// Of the month, from 1.
  public let day: Int

  /// The civil date of a day's number (H. Hinnant, "chrono-compatible low-level date algorithms", 2021): years begin in March, so that the
  /// leap day comes last, and 400 of them have 146,097 days. Stops unless the time is finite and within 100 million days of 1970.
  public init(secondsSince1970: Double) {
    guard abs(secondsSince1970) < 8.64e12 else {
      stop("CalendarTime", "\(secondsSince1970) seconds since 1970", fix: "use a time within 100 million days of 1970")
    }
    self.secondsSince1970 = secondsSince1970
    let days = Int((secondsSince1970 / 86400).rounded(.down)) + 719_468
    let era = (days >= 0 ? days : days - 146_096) / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// The number of a civil date's day, 0 on 1970-01-01; the inverse of the above.
  static func days(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private var dayNumber: Int { Int((secondsSince1970 / 86400).rounded(.down)) }
  /// From 0, Monday, to 6, Sunday.
  public var weekday: Int { ((dayNumber + 3) % 7 + 7) % 7 }
  /// From 1.
  public var dayOfYear: Int { dayNumber - Self.days(year: year, month: 1, day: 1) + 1 }
  /// Seconds since midnight.
  public var secondOfDay: Double { secondsSince1970 - Double(dayNumber) * 86400 }
  public var isMonthEnd: Bool { day == Self.dayCount(year: year, month: month) }

  static func dayCount(year: Int, month: Int) -> Int {
    let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  /// ISO 8601's, with the time of the day where it is not midnight.
  public var description: String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let year = (0...9999).contains(year) ? String("000\(year)".suffix(4)) : "\(year)"
    let date = "\(year)-\(two(month))-\(two(day))"
    let second = Int(secondOfDay)
    return second == 0 ? date : "\(date) \(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
  }

  /// Reads a date `2024-02-29`, with `/` or `.` in place of `-`, and a time after a space or a `T`: `12:34`, `12:34:56`, `12:34:56.5`, with
  /// `Z` or an offset from UTC perhaps, `+01:00`; without one it is taken for UTC. Seconds since 1970; nil for anything else, and for days
  /// that no calendar has.
  ///
  /// ```swift
  /// CalendarTime.parse("1970-01-02") == 86400  // → true
  /// CalendarTime.parse("2.1.1970", order: .dayMonthYear) == 86400  // → true
  /// CalendarTime.parse("2023-02-29") == nil  // → true
  /// ```
  public static func parse(_ text: String, order: DateOrder = .yearMonthDay) -> Double? {
    var scanner = DigitScanner(text)
    guard let first = scanner.number(1...4), let mark = scanner.take(oneOf: "-/."), let second = scanner.number(1...2),
      scanner.take(oneOf: String(mark)) != nil, let third = scanner.number(1...4)
    else { return nil }
    let (year, month, day) =
      switch order {
      case .yearMonthDay: (first, second, third)
      case .dayMonthYear: (third, second, first)
      case .monthDayYear: (third, first, second)
      }
    guard year.digits == 4, (1...12).contains(month.value), day.digits <= 2,
      (1...dayCount(year: year.value, month: month.value)).contains(day.value)
    else { return nil }
    let date = Double(days(year: year.value, month: month.value, day: day.value)) * 86400
    if scanner.isAtEnd { return date }
    guard scanner.take(oneOf: "T ") != nil, let time = scanner.time(), scanner.isAtEnd else { return nil }
    return date + time
  }
}

/// Takes numbers and marks from the front of a text.
private struct DigitScanner {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = Substring(text).utf8 }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func number(_ length: ClosedRange<Int>) -> (value: Int, digits: Int)? {
    let digits = rest.prefix(length.upperBound).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard digits.count >= length.lowerBound else { return nil }
    rest = rest.dropFirst(digits.count)
    return (digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }, digits.count)
  }

  mutating func take(oneOf marks: String) -> Unicode.Scalar? {
    guard let byte = rest.first, marks.utf8.contains(byte) else { return nil }
    rest = rest.dropFirst()
    return Unicode.Scalar(byte)
  }

  /// The seconds since midnight UTC.
  mutating func time() -> Double? {
    guard let hour = number(2...2)?.value, hour < 24, take(oneOf: ":") != nil, let minute = number(2...2)?.value,
      minute < 60
    else { return nil }
    var seconds = Double(hour * 3600 + minute * 60)
    if take(oneOf: ":") != nil {
      guard let second = number(2...2)?.value, second < 60 else { return nil }
      seconds += Double(second)
      if take(oneOf: ".") != nil {
        guard let fraction = number(1...9) else { return nil }
        seconds += (0..<fraction.digits).reduce(Double(fraction.value)) { value, _ in value / 10 }
      }
    }
    guard let sign = take(oneOf: "Z+-"), sign != "Z" else { return seconds }
    guard let hours = number(2...2)?.value, hours < 24 else { return nil }
    _ = take(oneOf: ":")
    guard let minutes = number(2...2)?.value, minutes < 60 else { return nil }
    let offset = Double(hours * 3600 + minutes * 60)
    return sign == "+" ? seconds - offset : seconds + offset
  }
}
