package import Apus

/// The line that says how far a query is:
///
///     ████████████▌··············  46%  12.4 MB  2.1 s, about 3 s left
///
/// Without a known end, it is only what was read and how long it took.
package struct ProgressLine: Sendable {
  /// How long a query runs before the line appears.
  package static let delay = Duration.milliseconds(500)
  /// How often it is drawn again.
  package static let interval = Duration.milliseconds(100)

  package init() {}

  /// Returns the line for a terminal of `width` cells; nil while it is too early for one.
  package func text(_ statistics: QueryStatistics?, elapsed: Duration, width: Int) -> String? {
    guard elapsed >= ProgressLine.delay else { return nil }
    let time = humanDuration(elapsed)
    guard let statistics, let fraction = statistics.fractionScanned else {
      return fit([time], width)
    }
    let bytes = humanByteCount(statistics.bytesScanned)
    // When all is read, what is left is no matter of reading, and nobody knows how long it takes.
    guard fraction < 1 else { return fit([bytes, time], width) }
    var timing = time
    if let left = timeLeft(fraction, elapsed) { timing += ", about \(left) left" }
    let percentage = "\(Int(fraction * 100))%"
    let parts = [padded(percentage, 4), bytes, timing]
    let barWidth = min(40, width - 1 - parts.reduce(0) { $0 + $1.count + 2 })
    guard barWidth >= 8 else { return fit(parts, width) }
    return bar(fraction, barWidth) + "  " + parts.joined(separator: "  ")
  }

  /// The time that is left if the rest goes as the part before; nil before there is much to go by.
  private func timeLeft(_ fraction: Double, _ elapsed: Duration) -> String? {
    guard fraction >= 0.02 else { return nil }
    let left = elapsed / .seconds(1) * (1 - fraction) / fraction
    let seconds = max(1, Int(left.rounded()))
    return seconds < 60 ? "\(seconds) s" : humanDuration(.seconds(seconds))
  }

  private func bar(_ fraction: Double, _ width: Int) -> String {
    let eighths = Int(fraction * Double(width * 8))
    let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    let drawn = String(repeating: "█", count: eighths / 8) + partial
    return drawn + String(repeating: "·", count: max(0, width - drawn.count))
  }

  private func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// As many of the parts, the last first, as fit on a line.
  private func fit(_ parts: [String], _ width: Int) -> String? {
    var parts = parts[...]
    while !parts.isEmpty {
      let line = parts.joined(separator: "  ")
      if line.count < width { return line }
      parts.removeFirst()
    }
    return nil
  }
}
