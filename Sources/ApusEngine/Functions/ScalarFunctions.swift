/// All scalar functions, family by family.
enum ScalarFunctions {
  static let all: [any ScalarFunction.Type] =
    MathFunctions.all + BitwiseFunctions.all + TextFunctions.all + BinaryFunctions.all
    + TemporalFunctions.all + RegexpFunctions.all + URLFunctions.all + ConversionFunctions.all
    + ArrayFunctions.all + MapFunctions.all + JSONFunctions.all + NetworkFunctions.all
    + SketchFunctions.all + GeospatialFunctions.all + ColorFunctions.all
    + [GreatestLeast.self, CurrentUser.self, Version.self, RandomUUID.self, SingleRow.self]
}
