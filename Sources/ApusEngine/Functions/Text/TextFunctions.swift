/// Functions of text.
enum TextFunctions {
  static let all: [any ScalarFunction.Type] = [
    CodePointFunctions.self,
    Concat.self,
    ConcatWithSeparator.self,
    EditDistance.self,
    EndsWith.self,
    Length.self,
    LetterCase.self,
    LuhnCheck.self,
    Normalize.self,
    Overlay.self,
    Pad.self,
    Replace.self,
    Reverse.self,
    Soundex.self,
    Split.self,
    SplitPart.self,
    SplitToMap.self,
    StartsWith.self,
    StringPosition.self,
    SubstringFunction.self,
    TeradataText.self,
    Translate.self,
    Trim.self,
    WordStem.self,
  ]
}
