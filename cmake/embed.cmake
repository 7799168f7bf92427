# Writes OUTPUT: the text of FILES ("|"-separated) as one table of string literals, named by their path below BASE.
string(REPLACE "|" ";" files "${FILES}")
set(rows "")
foreach(file IN LISTS files)
  file(RELATIVE_PATH path ${BASE} ${file})
  file(READ ${file} hex HEX)
  string(LENGTH "${hex}" length)
  math(EXPR size "${length} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" text "${hex}")
  # Cut into short literals, which the compiler joins again: one line of megabytes helps nobody.
  string(REGEX REPLACE "(\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..)" "\\1\"\n    \"" text "${text}")
  string(APPEND rows "  {\"${path}\", {\"${text}\", ${size}}},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"base/embedded.h\"\n\nnamespace acquit::embedded {\nnamespace {\nconstexpr base::EmbeddedFile kFiles[] = {\n${rows}};\n}\n\nstd::span<const base::EmbeddedFile> ${NAME}();\nstd::span<const base::EmbeddedFile> ${NAME}() { return kFiles; }\n}  // namespace acquit::embedded\n")
