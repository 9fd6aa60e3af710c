import CApusKernels
import Testing

@Suite struct SelectTests {
  @Test(arguments: [0, 1, 7, 8, 63, 64, 65, 129, 2048])
  func writesThePositionsOfOnes(count: Int) {
    for density in [0.0, 0.02, 0.5, 1.0] {
      func flags() -> [UInt8] {
        (0..<count).map { _ in Double.random(in: 0..<1) < density ? 1 : 0 }
      }
      let values = flags()
      let validity = flags()
      for instructions in 0...apus_instructions() {
        // Exactly as much room as there are rows: writing further would be found by the guard.
        var output = [Int32](repeating: -7, count: count + 1)
        var kept = output.withUnsafeMutableBufferPointer {
          apus_select_by(instructions, values, nil, count, $0.baseAddress)
        }
        #expect(output[0..<kept].map(Int.init) == values.indices.filter { values[$0] == 1 })
        #expect(output[count] == -7)
        kept = output.withUnsafeMutableBufferPointer {
          apus_select_by(instructions, values, validity, count, $0.baseAddress)
        }
        #expect(
          output[0..<kept].map(Int.init)
            == values.indices.filter { values[$0] == 1 && validity[$0] == 1 }
        )
        #expect(output[count] == -7)
      }
    }
  }
}
