import CApusKernels
import Testing

/// Packs values bit by bit, and expects to get them back whatever the width and the count.
@Suite struct UnpackBitsTests {
  @Test(arguments: 1...32) func returnsWhatWasPacked(width: Int) {
    var generator = SystemRandomNumberGenerator()
    let greatest = UInt32((UInt64(1) << UInt64(width)) - 1)
    for groups in [0, 1, 3, 4, 5, 17] {
      let values = (0..<groups * 8).map { index in
        // The extremes first: a bit that leaks into a neighbour shows there.
        index < 4 ? [greatest, 0][index % 2] : UInt32.random(in: 0...greatest, using: &generator)
      }
      var packed = [UInt8](repeating: 0, count: groups * width)
      for (index, value) in values.enumerated() {
        for bit in 0..<width where value >> UInt32(bit) & 1 == 1 {
          let place = index * width + bit
          packed[place / 8] |= 1 << UInt8(place % 8)
        }
      }
      packed += [UInt8](repeating: 0xff, count: 16)
      for instructions in 0...apus_instructions() {
        var output = [UInt32](repeating: 0xdead_beef, count: groups * 8 + 1)
        apus_unpack_groups_by(instructions, packed, groups, Int32(width), &output)
        #expect(Array(output.dropLast()) == values)
        #expect(output.last == 0xdead_beef, "nothing is written behind the values")
      }
    }
  }
}
