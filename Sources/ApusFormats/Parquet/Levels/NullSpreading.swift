// Values lie without gaps in a page; in a vector each stands at its row. They are decoded to the
// front of their stretch and moved apart from the last row to the first:
//
//   rows        0 1 2 3 4          validity  1 0 0 1 1
//   before      a b c . .          after     a 0 0 b c
//
// A row's value never lies behind the row, so nothing is overwritten before it has been read.
//
// Safety: `values` and `validity` have `count` elements, of which `validCount` values are set.

/// Moves values to their rows; a NULL becomes `filler`.
func spreadValues<Element: FixedWidthInteger>(
  _ values: UnsafeMutablePointer<Element>,
  validity: UnsafePointer<UInt8>,
  count: Int,
  validCount: Int,
  filler: Element
) {
  var source = validCount
  var row = count - 1
  // Once as many values are left as rows, all of them are in place.
  while row >= source, row >= 0 {
    let isValid = validity[row]
    source -= Int(isValid)
    // Where the row is NULL this reads some value that is not used; it must be in bounds.
    let value = values[max(source, 0)]
    values[row] = isValid != 0 ? value : filler
    row -= 1
  }
}

/// Moves values of 1, 2, 4, 8 or 16 bytes to their rows; a NULL becomes zeros.
func spreadValues(
  _ values: UnsafeMutableRawPointer,
  stride: Int,
  validity: UnsafePointer<UInt8>,
  count: Int,
  validCount: Int
) {
  switch stride {
  case 1: spread(values, UInt8.self, validity, count, validCount)
  case 2: spread(values, UInt16.self, validity, count, validCount)
  case 4: spread(values, UInt32.self, validity, count, validCount)
  case 8: spread(values, UInt64.self, validity, count, validCount)
  default: spread(values, UInt128.self, validity, count, validCount)
  }
}

@inline(__always)
private func spread<Element: FixedWidthInteger>(
  _ values: UnsafeMutableRawPointer,
  _ element: Element.Type,
  _ validity: UnsafePointer<UInt8>,
  _ count: Int,
  _ validCount: Int
) {
  spreadValues(
    values.assumingMemoryBound(to: Element.self),
    validity: validity,
    count: count,
    validCount: validCount,
    filler: 0
  )
}
