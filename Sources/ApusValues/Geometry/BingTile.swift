/// A square of the maps of Bing: the world at zoom level n is 2^n tiles wide and high, counted from the
/// upper left.
///
/// A value is 64 bits: x in 23 bits from bit 28 on, y in 23 bits from bit 5 on, the level in the
/// lowest 5.
package struct BingTile: Sendable, Equatable {
  package var x: Int32
  package var y: Int32
  package var zoomLevel: Int32

  package static let maximalZoomLevel: Int32 = 23

  package init(x: Int32, y: Int32, zoomLevel: Int32) {
    self.x = x
    self.y = y
    self.zoomLevel = zoomLevel
  }

  /// Takes any bits, which may come from a cast.
  package init(encoded: Int64) {
    x = Int32(truncatingIfNeeded: encoded >> 28)
    y = Int32(truncatingIfNeeded: (encoded % (1 << 28)) >> 5)
    zoomLevel = Int32(truncatingIfNeeded: encoded % (1 << 5))
  }

  package var encoded: Int64 { (Int64(x) << 28) &+ Int64(y &<< 5) &+ Int64(zoomLevel) }

  /// What a result shows.
  package var text: String { "{x=\(x), y=\(y), zoom=\(zoomLevel)}" }
}
