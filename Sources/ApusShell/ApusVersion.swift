/// The version that `--version`, the prompt's greeting and `\conninfo` say.
package let apusVersion = "0.1.0"
