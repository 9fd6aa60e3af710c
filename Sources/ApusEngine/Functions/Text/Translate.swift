import ApusPlanner
import ApusValues
import ApusVectors

/// `translate(text, from, to)`: characters of `from` become those of `to` at the same place, or
/// nothing where `to` is shorter. The first of repeated characters counts.
enum Translate: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("translate('2024/02/29', '/', '-')", "2024-02-29"),
      FunctionExample("translate('(a)', '()', '')", "a"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(
      .text(
        "translate",
        [.anyVarchar, .anyVarchar, .anyVarchar],
        """
        Replaces each character of one list by that of another, or removes it where that is \
        shorter.
        """
      )
    ) { arguments in
      let text = arguments[0].texts
      let from = arguments[1].texts
      let to = arguments[2].texts
      return { row, heap throws(SQLError) -> StringView? in
        let sources = scalars(from.bytes(row))
        let targets = scalars(to.bytes(row))
        return heap.store(
          scalars(text.bytes(row)).compactMap { scalar -> Unicode.Scalar? in
            guard let index = sources.firstIndex(of: scalar) else { return scalar }
            return index < targets.count ? targets[index] : nil
          }
        )
      }
    }
  ]
}
