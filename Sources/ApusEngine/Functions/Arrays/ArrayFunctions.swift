/// Functions of arrays.
enum ArrayFunctions {
  static let all: [any ScalarFunction.Type] = [
    ArrayConcat.self,
    ArrayContains.self,
    ArrayEnds.self,
    ArrayFilter.self,
    ArrayHistogram.self,
    ArrayJoin.self,
    ArrayMatch.self,
    ArrayRearrangement.self,
    ArrayReduce.self,
    ArraySearch.self,
    ArraySets.self,
    ArraySort.self,
    ArrayTransform.self,
    Cardinality.self,
    ElementAt.self,
    Flatten.self,
    Repeat.self,
    SequenceFunction.self,
    SubArrays.self,
    Zip.self,
  ]
}
