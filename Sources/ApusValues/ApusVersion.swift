/// The version that `--version`, the prompt's greeting and `\conninfo` say, and files name as their
/// writer's.
package let apusVersion = "0.1.0"
