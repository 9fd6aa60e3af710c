extension String {
  /// The text without spaces at its ends.
  public func trimmingSpaces() -> String {
    guard let first = firstIndex(where: { $0 != " " }),
      let last = lastIndex(where: { $0 != " " })
    else { return "" }
    return String(self[first...last])
  }
}
