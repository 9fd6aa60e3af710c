import Glibc

extension S3Credentials {
  /// Reads keys as containers, machines and programs hand them out.
  ///
  /// - Parameter tokenName: what the session token is called.
  /// - Returns: nil if the text has no keys.
  init?(json: [UInt8], tokenName: String) {
    guard let values = FlatJSON.strings(json), let accessKey = values["AccessKeyId"],
      let secretKey = values["SecretAccessKey"], !accessKey.isEmpty, !secretKey.isEmpty
    else { return nil }
    self.init(accessKey: accessKey, secretKey: secretKey, sessionToken: values[tokenName])
    if let text = values["Expiration"] {
      guard let time = S3Credentials.seconds(text) else { return nil }
      expiration = time
    }
  }

  /// Reads a time as `2026-11-24T10:00:00Z`, with a fraction or an offset if need be.
  ///
  /// - Returns: seconds since 1970 UTC, nil if the text is no time.
  static func seconds(_ text: String) -> Int? {
    // 2026-11-24T10:00:00 is 19 characters, with digits where the zeros are.
    let pattern = Array("0000-00-00T00:00:00".utf8)
    let units = Array(text.utf8)
    guard units.count >= pattern.count else { return nil }
    for (unit, expected) in zip(units, pattern) {
      let isDigit = UInt8(ascii: "0")...UInt8(ascii: "9") ~= unit
      guard expected == UInt8(ascii: "0") ? isDigit : unit == expected else { return nil }
    }
    let numbers = text.prefix(pattern.count).split { !$0.isNumber }.compactMap { Int32($0) }
    guard numbers.count == 6 else { return nil }
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (numbers[0] - 1_900, numbers[1] - 1, numbers[2])
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (numbers[3], numbers[4], numbers[5])
    var rest = text.dropFirst(pattern.count)
    if rest.first == "." { rest = rest.dropFirst().drop { $0.isNumber } }
    let time = timegm(&parts)
    if rest == "Z" || rest == "z" || rest.isEmpty { return time }
    let digits = rest.dropFirst().filter { $0 != ":" }
    guard let sign = rest.first, "+-".contains(sign), digits.count == 4,
      let hours = Int(digits.prefix(2)), let minutes = Int(digits.suffix(2))
    else { return nil }
    let offset = (hours * 60 + minutes) * 60
    return sign == "+" ? time - offset : time + offset
  }
}
