import ApusValues
import ApusVectors
import Testing

@testable import ApusEngine

/// Comparing by value agrees with `Value.compare`, wherever a vector begins.
struct RowComparatorTests {
  @Test(
    arguments: [
      .boolean, .smallint, .integer, .bigint, .real, .double, .text, .varbinary,
      .decimal(precision: 30, scale: 2), .array(.text), .row([RowField(nil, .integer)]),
    ] as [SQLType],
    [0, 3]
  )
  func agreesWithValues(_ type: SQLType, offset: Int) {
    var generator = SeededGenerator(seed: 6)
    let values = randomValues(of: type, count: 60, using: &generator)
    let vector = flat(values, type).slice(offset..<values.count)
    for isAscending in [true, false] {
      for nullsFirst in [true, false] {
        let order = SortOrder(type: type, isAscending: isAscending, nullsFirst: nullsFirst)
        let comparator = RowComparator([order], keys: [vector])
        for left in 0..<vector.count {
          for right in 0..<vector.count {
            let (a, b) = (values[left + offset], values[right + offset])
            let expected =
              a.isNull || b.isNull
              ? (a.isNull == b.isNull ? 0 : a.isNull == nullsFirst ? -1 : 1)
              : Value.compare(a, b) * (isAscending ? 1 : -1)
            #expect(comparator.compare(left, right).signum() == expected.signum())
          }
        }
      }
    }
  }
}
