import ApusValues
import Testing

@testable import ApusEngine

/// Reads a sketch from bytes.
func read<State: Sketch>(_ type: State.Type, _ bytes: [UInt8]) throws -> State {
  let result = bytes.withUnsafeBytes { bytes in
    Result { () throws(SQLError) in try State(bytes: bytes) }
  }
  return try result.get()
}

/// A sketch of hashes of the bigints of a range.
func sketch(_ values: some Sequence<Int64>, indexBits: Int = 12) -> HyperLogLogSketch {
  var sketch = HyperLogLogSketch(indexBits: indexBits)
  for value in values { sketch.add(Murmur3.hash64(value)) }
  return sketch
}

/// Checks that no bytes make reading or using a sketch trap: random ones, and right ones with some
/// bytes changed, left out or added.
///
/// - Parameter use: asks whatever there is to ask of a sketch that could be read.
func checkBrokenBytes<State: Sketch>(
  of sketch: State,
  seed: UInt64,
  _ use: (inout State) throws -> Void
) throws {
  var generator = SeededGenerator(seed: seed)
  let right = sketch.serialized()
  var readCount = 0
  for round in 0..<3000 {
    var bytes = right
    switch round % 4 {
    case 0:
      bytes = (0..<Int.random(in: 0..<80, using: &generator)).map { _ in
        UInt8.random(in: .min ... .max, using: &generator)
      }
      if !bytes.isEmpty, Bool.random(using: &generator) { bytes[0] = right[0] }
    case 1:
      bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
    case 2:
      bytes.append(UInt8.random(in: .min ... .max, using: &generator))
    default:
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        // Headers matter most.
        let end = Bool.random(using: &generator) ? min(64, bytes.count) : bytes.count
        let place = Int.random(in: 0..<end, using: &generator)
        bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
      }
    }
    guard var broken = try? read(State.self, bytes) else { continue }
    readCount += 1
    try use(&broken)
    if let merged = try? { () throws(SQLError) -> State in
      var merged = sketch
      try merged.merge(broken)
      return merged
    }() {
      _ = merged.serialized()
    }
    // What was read is written so that it can be read again.
    _ = try read(State.self, broken.serialized())
  }
  #expect(readCount > 0)
}
