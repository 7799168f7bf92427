# Writes OUTPUT.gz and OUTPUT.br: INPUT compressed as hard as GZIP and BROTLI can, the same bytes on every day.
get_filename_component(folder ${OUTPUT} DIRECTORY)
file(MAKE_DIRECTORY ${folder})
execute_process(COMMAND ${GZIP} --best --no-name --stdout ${INPUT} OUTPUT_FILE ${OUTPUT}.gz COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${BROTLI} --best --stdout ${INPUT} OUTPUT_FILE ${OUTPUT}.br COMMAND_ERROR_IS_FATAL ANY)
