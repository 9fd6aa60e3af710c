extension FunctionLibrary {
  /// The functions of Athena that Apus has.
  public static let standard = FunctionLibrary(
    ScalarFunctions.all.flatMap { $0.overloads.map { .scalar($0) } }
      + AggregateFunctions.all.flatMap { $0.overloads.map { .aggregate($0) } }
      + WindowFunctions.signatures.map { .window($0) }
  )
}
