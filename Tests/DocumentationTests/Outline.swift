/// Draws a value as an outline: a line for each type, indented, with what it holds.
///
/// Places, nils and empty lists are left out; a list says what it is a list of line by line.
func outline(_ value: Any, label: String? = nil, depth: Int = 0) -> [String] {
  let mirror = Mirror(reflecting: value)
  let indent = String(repeating: "  ", count: depth)
  let name = label.map { "\($0): " } ?? ""
  switch mirror.displayStyle {
  case .optional:
    guard let child = mirror.children.first else { return [] }
    return outline(child.value, label: label, depth: depth)
  case .collection:
    return mirror.children.flatMap { outline($0.value, label: label, depth: depth) }
  case .enum:
    guard let child = mirror.children.first else { return ["\(indent)\(name)\(value)"] }
    let payload = Mirror(reflecting: child.value)
    if payload.displayStyle == .struct || payload.displayStyle == .enum {
      return outline(child.value, label: label, depth: depth)
    }
    return ["\(indent)\(name)\(value)"]
  case .struct where !(value is String):
    let fields = mirror.children.filter { field in
      field.label != "range" && field.label != "_range"
    }
    if fields.isEmpty { return ["\(indent)\(name)\(value)"] }
    var lines = ["\(indent)\(name)\(mirror.subjectType)"]
    var words: [String] = []
    for field in fields {
      let label = field.label ?? ""
      if let text = plain(field.value) {
        if !text.isEmpty { words.append("\(label) \(text)") }
      } else {
        lines += outline(field.value, label: label, depth: depth + 1)
      }
    }
    if !words.isEmpty { lines[0] += " (\(words.joined(separator: ", ")))" }
    return lines
  default:
    return ["\(indent)\(name)\(value)"]
  }
}

/// The text of a value that needs no line of its own; empty if it says nothing, nil if it does.
private func plain(_ value: Any) -> String? {
  if let text = value as? String { return "'\(text)'" }
  if let flag = value as? Bool { return flag ? "true" : "" }
  if let number = value as? any BinaryInteger { return "\(number)" }
  return nil
}
