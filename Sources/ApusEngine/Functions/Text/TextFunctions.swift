/// Functions of text.
enum TextFunctions {
  static let all: [any ScalarFunction.Type] = [
    CodePointFunctions.self,
    Concat.self,
    ConcatWithSeparator.self,
    EditDistance.self,
    Length.self,
    LetterCase.self,
    Pad.self,
    Replace.self,
    Reverse.self,
    Split.self,
    SplitPart.self,
    StartsWith.self,
    StringPosition.self,
    SubstringFunction.self,
    Translate.self,
    Trim.self,
  ]
}
