import Synchronization

/// Counts arguments in the order in which the parser meets them.
final class PositionCounter: Sendable {
  private let count = Atomic<Int>(0)

  func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
}
