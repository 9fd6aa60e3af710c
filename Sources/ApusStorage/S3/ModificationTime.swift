import ApusValues

/// Reads the moment that a listing gives, such as `2013-07-01T05:30:00.000Z`, in milliseconds since
/// 1970-01-01 00:00 UTC; nil if it is none.
func milliseconds(isoDate text: String) -> Int64? {
  guard text.hasSuffix("Z"), let split = text.firstIndex(of: "T") else { return nil }
  let local = text[..<split] + " " + text[text.index(after: split)...].dropLast()
  guard let parsed = Timestamp.parse(String(local)) else { return nil }
  return Int64(exactly: parsed.picoseconds / 1_000_000_000)
}

/// Reads the moment that a header gives, such as `Mon, 01 Jul 2013 05:30:00 GMT`.
func milliseconds(httpDate text: String) -> Int64? {
  let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  let parts = text.split(separator: " ")
  guard parts.count == 6, parts[5] == "GMT",
    let month = months.firstIndex(where: { $0 == parts[2] })
  else { return nil }
  let date = "\(parts[3])-\(month < 9 ? "0" : "")\(month + 1)-\(parts[1])"
  return milliseconds(isoDate: "\(date)T\(parts[4])Z")
}
