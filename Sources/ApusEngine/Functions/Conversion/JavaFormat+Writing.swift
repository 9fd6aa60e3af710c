import ApusValues

extension JavaFormat {
  /// Writes the arguments of a row.
  func write(_ arguments: [Value], types: [SQLType]) throws(SQLError) -> String {
    var output = ""
    var next = 0
    var last = -1
    for item in items {
      switch item {
      case .literal(let text): output += text
      case .specifier(let specifier):
        if specifier.conversion == "n" || specifier.conversion == "%" {
          output += padded(specifier.conversion == "n" ? "\n" : "%", specifier)
          continue
        }
        if specifier.isRelative {
          // The argument of the specifier before.
        } else if let position = specifier.argument {
          last = position
        } else {
          last = next
          next += 1
        }
        guard arguments.indices.contains(last) else {
          throw refusal("MissingFormatArgument: Format specifier '\(specifier.text)'")
        }
        output += try write(arguments[last], types[last], specifier)
      }
    }
    return output
  }

  private func refusal(_ why: String) -> SQLError { JavaFormat.refusal(pattern, why) }

  private func write(_ value: Value, _ type: SQLType, _ specifier: Specifier) throws(SQLError)
    -> String
  {
    if specifier.width == nil, specifier.flags.contains("-") || specifier.flags.contains("0") {
      throw refusal("MissingFormatWidth: \(specifier.text)")
    }
    if specifier.flags.contains("-"), specifier.flags.contains("0") {
      throw refusal("IllegalFormatFlags: Flags = '-0'")
    }
    var result: String
    switch specifier.conversion {
    case "s", "S": result = padded(cut(text(value, type), specifier), specifier)
    case "b", "B":
      let isTrue = if case .boolean(let value) = value { value } else { !value.isNull }
      result = padded(cut(isTrue ? "true" : "false", specifier), specifier)
    case "d", "o", "x", "X": result = try integer(value, type, specifier)
    case "f", "e", "E", "g", "G": result = try floating(value, type, specifier)
    case "c", "C":
      if !value.isNull { throw mismatch(specifier, type) }
      result = padded("null", specifier)
    default: throw .notSupported("The conversion \(specifier.text) of format()")
    }
    if ("A"..."Z").contains(specifier.conversion) { result = result.uppercased() }
    return result
  }

  private func mismatch(_ specifier: Specifier, _ type: SQLType) -> SQLError {
    let name =
      switch type {
      case .boolean: "java.lang.Boolean"
      case .tinyint, .smallint, .integer, .bigint: "java.lang.Long"
      case .real: "java.lang.Float"
      case .double: "java.lang.Double"
      case .decimal: "java.math.BigDecimal"
      case .date: "java.time.LocalDate"
      case .time: "java.time.LocalTime"
      case .timestamp: "java.time.LocalDateTime"
      default: "java.lang.String"
      }
    return refusal("IllegalFormatConversion: \(specifier.conversion) != \(name)")
  }

  // MARK: Text

  private func cut(_ text: String, _ specifier: Specifier) -> String {
    guard let precision = specifier.precision else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(precision)))
  }

  private func padded(_ text: String, _ specifier: Specifier) -> String {
    let missing = (specifier.width ?? 0) - text.unicodeScalars.count
    guard missing > 0 else { return text }
    let spaces = String(repeating: " ", count: missing)
    return specifier.flags.contains("-") ? text + spaces : spaces + text
  }

  /// What Java's `toString` gives.
  private func text(_ value: Value, _ type: SQLType) -> String {
    guard let text = value.text(as: type) else { return "null" }
    switch type {
    case .time, .timestamp: return javaTime(text)
    default: return text
    }
  }

  /// Java leaves out seconds that are zero, and writes fractions by three digits.
  private func javaTime(_ text: String) -> String {
    var result = text
    if let space = result.firstIndex(of: " ") { result.replaceSubrange(space...space, with: "T") }
    guard let point = result.firstIndex(of: ".") else {
      return result.hasSuffix(":00") ? String(result.dropLast(3)) : result
    }
    var fraction = Substring(result[result.index(after: point)...])
    // Nanoseconds are as far as Java goes.
    fraction = fraction.prefix(9)
    while fraction.hasSuffix("0") { fraction.removeLast() }
    let whole = String(result[..<point])
    if fraction.isEmpty { return whole.hasSuffix(":00") ? String(whole.dropLast(3)) : whole }
    let missing = (3 - fraction.count % 3) % 3
    return whole + "." + fraction + String(repeating: "0", count: missing)
  }

  // MARK: Numbers

  private func integer(_ value: Value, _ type: SQLType, _ specifier: Specifier) throws(SQLError)
    -> String
  {
    if let precision = specifier.precision { throw refusal("IllegalFormatPrecision: \(precision)") }
    if value.isNull { return padded("null", specifier) }
    guard type.isInteger, case .integer(let number) = value else { throw mismatch(specifier, type) }
    if specifier.conversion == "d" {
      return signed(String(number.magnitude), isNegative: number < 0, specifier)
    }
    let radix = specifier.conversion == "o" ? 8 : 16
    let prefix = specifier.flags.contains("#") ? (radix == 8 ? "0" : "0x") : ""
    let digits = String(UInt64(bitPattern: number), radix: radix)
    return zeroFilled(prefix, digits, "", specifier)
  }

  private func floating(_ value: Value, _ type: SQLType, _ specifier: Specifier) throws(SQLError)
    -> String
  {
    if value.isNull { return padded("null", specifier) }
    let number: DecimalDigits
    switch value {
    case .double(let double):
      guard double.isFinite else { return nonfinite(double, specifier) }
      number = DecimalDigits(double.description)
    case .real(let real):
      guard real.isFinite else { return nonfinite(Double(real), specifier) }
      number = DecimalDigits(real.description)
    default:
      guard type.isDecimal, let text = value.text(as: type) else { throw mismatch(specifier, type) }
      number = DecimalDigits(text)
    }
    let body: String
    switch specifier.conversion {
    case "f": body = number.fixed(places: specifier.precision ?? 6)
    case "e", "E": body = number.scientific(places: specifier.precision ?? 6)
    default: body = number.general(digits: max(1, specifier.precision ?? 6))
    }
    return signed(body, isNegative: number.isNegative, specifier)
  }

  private func nonfinite(_ value: Double, _ specifier: Specifier) -> String {
    if value.isNaN { return padded("NaN", specifier) }
    var plain = specifier
    plain.flags.remove("0")
    return signed("Infinity", isNegative: value < 0, plain)
  }

  private func signed(_ digits: String, isNegative: Bool, _ specifier: Specifier) -> String {
    let flags = specifier.flags
    let body = flags.contains(",") ? grouped(digits) : digits
    if isNegative {
      return flags.contains("(")
        ? zeroFilled("(", body, ")", specifier) : zeroFilled("-", body, "", specifier)
    }
    let sign = flags.contains("+") ? "+" : flags.contains(" ") ? " " : ""
    return zeroFilled(sign, body, "", specifier)
  }

  private func zeroFilled(_ sign: String, _ body: String, _ end: String, _ specifier: Specifier)
    -> String
  {
    guard specifier.flags.contains("0") else { return padded(sign + body + end, specifier) }
    let missing = (specifier.width ?? 0) - sign.count - body.count - end.count
    return sign + String(repeating: "0", count: max(0, missing)) + body + end
  }

  private func grouped(_ digits: String) -> String {
    let whole = digits.prefix { ("0"..."9").contains($0) }
    var result = ""
    for (place, digit) in whole.enumerated() {
      if place > 0, (whole.count - place) % 3 == 0 { result += "," }
      result.append(digit)
    }
    return result + digits[whole.endIndex...]
  }
}
