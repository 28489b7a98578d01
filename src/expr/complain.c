/* complain.c: diagnostics of a formula, with carets in its text. */
#include "expr/compile.h"

static void say(expr_compiler *compiler, cnv_code code, uint32_t from, uint32_t upto, cnv_str hint, const char *format,
		va_list list)
{
	cnv_place place = compiler->formula->place;
	cnv_text message = { 0 };
	place.from = from;
	place.upto = upto;
	cnv_text_vformat(&message, format, list);
	cnv_diags_emit(compiler->diags,
		       CNV_DIAG(.code = (uint16_t)code, .place = place, .field = compiler->context->field,
				.excerpt = compiler->formula->text, .hint = hint),
		       "%.*s", CNV_ARG(cnv_text_str(&message)));
	cnv_text_fini(&message);
}

void expr_complain(expr_compiler *compiler, cnv_code code, uint32_t from, uint32_t upto, cnv_str hint,
		   const char *format, ...)
{
	va_list list;
	va_start(list, format);
	say(compiler, code, from, upto, hint, format, list);
	va_end(list);
	compiler->rejected = true;
}

void expr_remark(expr_compiler *compiler, cnv_code code, uint32_t from, uint32_t upto, cnv_str hint, const char *format,
		 ...)
{
	va_list list;
	va_start(list, format);
	say(compiler, code, from, upto, hint, format, list);
	va_end(list);
}

cnv_str expr_hint(expr_compiler *compiler, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	cnv_text text = { 0 };
	cnv_text_vformat(&text, format, list);
	va_end(list);
	cnv_str hint = cnv_arena_copy(&compiler->work, cnv_text_str(&text));
	cnv_text_fini(&text);
	return hint;
}
