/// All scalar functions, family by family.
enum ScalarFunctions {
  /// In the reference's order, with its headings.
  static let families: [(title: String, functions: [any ScalarFunction.Type])] = [
    ("Numbers", MathFunctions.all),
    ("Bits of integers", BitwiseFunctions.all),
    ("Comparison", [GreatestLeast.self]),
    ("Text", TextFunctions.all),
    ("Regular expressions", RegexpFunctions.all),
    ("Dates and times", TemporalFunctions.all),
    ("Arrays", ArrayFunctions.all),
    ("Maps", MapFunctions.all),
    ("JSON", JSONFunctions.all),
    ("Conversion", ConversionFunctions.all),
    ("Binary", BinaryFunctions.all),
    ("URLs", URLFunctions.all),
    ("Network addresses", NetworkFunctions.all),
    ("Geospatial", GeospatialFunctions.all),
    ("Sketches", SketchFunctions.all),
    ("Colors", ColorFunctions.all),
    ("Session and identifiers", [CurrentUser.self, Version.self, RandomUUID.self]),
  ]

  static let all: [any ScalarFunction.Type] =
    families.flatMap(\.functions)
    + [SingleRow.self, SpatialReach.self]
}
