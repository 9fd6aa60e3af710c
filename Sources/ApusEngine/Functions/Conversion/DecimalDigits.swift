/// A number as its decimal digits, which are rounded half up.
///
///     -12.34   negative, digits 1 2 3 4, the point after 2
struct DecimalDigits {
  let isNegative: Bool
  /// Without zeros in front; none for zero.
  private var digits: [UInt8]
  /// How many digits stand before the point.
  private var point: Int

  /// Reads what Swift and SQL write: `-12.34`, `1e-07`.
  init(_ text: String) {
    isNegative = text.hasPrefix("-")
    let parts = text.drop { $0 == "-" }.split(separator: "e", omittingEmptySubsequences: false)
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let mantissa = parts.first ?? ""
    let whole = mantissa.prefix { $0 != "." }
    digits = mantissa.utf8.compactMap { $0 == UInt8(ascii: ".") ? nil : $0 - UInt8(ascii: "0") }
    point = whole.utf8.count + exponent
    trim()
  }

  private mutating func trim() {
    let zeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(zeros)
    point -= zeros
    if digits.isEmpty { point = 0 }
  }

  /// Keeps so many digits.
  private func rounded(to count: Int) -> DecimalDigits {
    guard count < digits.count else { return self }
    var result = self
    guard count >= 0 else {
      result.digits = []
      result.point = 0
      return result
    }
    let isUp = digits[count] >= 5
    result.digits = Array(digits[..<count])
    guard isUp else {
      result.trim()
      return result
    }
    var place = count - 1
    while place >= 0, result.digits[place] == 9 {
      result.digits[place] = 0
      place -= 1
    }
    if place >= 0 {
      result.digits[place] += 1
    } else {
      result.digits.insert(1, at: 0)
      result.point += 1
    }
    return result
  }

  /// `12.340`.
  func fixed(places: Int) -> String {
    rounded(to: point + places).assemble(places: places)
  }

  private func assemble(places: Int) -> String {
    var whole = ""
    for place in 0..<max(0, point) { whole += digit(place) }
    if whole.isEmpty { whole = "0" }
    guard places > 0 else { return whole }
    var fraction = ""
    for place in point..<(point + places) { fraction += digit(place) }
    return whole + "." + fraction
  }

  private func digit(_ place: Int) -> String {
    digits.indices.contains(place) ? String(digits[place]) : "0"
  }

  /// `1.234000e+01`.
  func scientific(places: Int) -> String {
    let number = rounded(to: places + 1)
    let exponent = number.digits.isEmpty ? 0 : number.point - 1
    var mantissa = number
    mantissa.point = number.digits.isEmpty ? 0 : 1
    let magnitude = String(exponent.magnitude)
    return mantissa.assemble(places: places) + "e" + (exponent < 0 ? "-" : "+")
      + (magnitude.count < 2 ? "0" : "") + magnitude
  }

  /// Fixed from 0.0001 on up to as many digits as are asked for, else scientific.
  func general(digits count: Int) -> String {
    let number = rounded(to: count)
    if number.digits.isEmpty { return fixed(places: count - 1) }
    return number.point > -4 && number.point <= count
      ? fixed(places: count - number.point) : scientific(places: count - 1)
  }
}
