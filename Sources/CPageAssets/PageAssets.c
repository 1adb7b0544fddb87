#include "CPageAssets.h"

// The files of Sources/ReportPage/Assets, put into the program by the compiler (C23). A test holds this list to the folder.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char image_icon_svg[] = {
#embed "../ReportPage/Assets/image/icon.svg"
};
static const unsigned char index_html[] = {
#embed "../ReportPage/Assets/index.html"
};
static const unsigned char open_html[] = {
#embed "../ReportPage/Assets/open.html"
};
static const unsigned char open_aes_js[] = {
#embed "../ReportPage/Assets/open/aes.js"
};
static const unsigned char open_archive_js[] = {
#embed "../ReportPage/Assets/open/archive.js"
};
static const unsigned char open_blocks_js[] = {
#embed "../ReportPage/Assets/open/blocks.js"
};
static const unsigned char open_ciphers_js[] = {
#embed "../ReportPage/Assets/open/ciphers.js"
};
static const unsigned char open_container_js[] = {
#embed "../ReportPage/Assets/open/container.js"
};
static const unsigned char open_counter_mode_js[] = {
#embed "../ReportPage/Assets/open/counter-mode.js"
};
static const unsigned char open_crc32_js[] = {
#embed "../ReportPage/Assets/open/crc32.js"
};
static const unsigned char open_csv_js[] = {
#embed "../ReportPage/Assets/open/csv.js"
};
static const unsigned char open_entry_js[] = {
#embed "../ReportPage/Assets/open/entry.js"
};
static const unsigned char open_failure_js[] = {
#embed "../ReportPage/Assets/open/failure.js"
};
static const unsigned char open_how_to_js[] = {
#embed "../ReportPage/Assets/open/how-to.js"
};
static const unsigned char open_main_js[] = {
#embed "../ReportPage/Assets/open/main.js"
};
static const unsigned char open_md5_js[] = {
#embed "../ReportPage/Assets/open/md5.js"
};
static const unsigned char open_opened_js[] = {
#embed "../ReportPage/Assets/open/opened.js"
};
static const unsigned char open_opener_js[] = {
#embed "../ReportPage/Assets/open/opener.js"
};
static const unsigned char open_sha1_js[] = {
#embed "../ReportPage/Assets/open/sha1.js"
};
static const unsigned char open_sha256_js[] = {
#embed "../ReportPage/Assets/open/sha256.js"
};
static const unsigned char open_worker_js[] = {
#embed "../ReportPage/Assets/open/worker.js"
};
static const unsigned char open_zip_directory_js[] = {
#embed "../ReportPage/Assets/open/zip-directory.js"
};
static const unsigned char page_api_js[] = {
#embed "../ReportPage/Assets/page/api.js"
};
static const unsigned char page_banner_js[] = {
#embed "../ReportPage/Assets/page/banner.js"
};
static const unsigned char page_choices_js[] = {
#embed "../ReportPage/Assets/page/choices.js"
};
static const unsigned char page_course_search_js[] = {
#embed "../ReportPage/Assets/page/course-search.js"
};
static const unsigned char page_course_step_js[] = {
#embed "../ReportPage/Assets/page/course-step.js"
};
static const unsigned char page_dialog_js[] = {
#embed "../ReportPage/Assets/page/dialog.js"
};
static const unsigned char page_draft_js[] = {
#embed "../ReportPage/Assets/page/draft.js"
};
static const unsigned char page_elements_js[] = {
#embed "../ReportPage/Assets/page/elements.js"
};
static const unsigned char page_format_js[] = {
#embed "../ReportPage/Assets/page/format.js"
};
static const unsigned char page_main_js[] = {
#embed "../ReportPage/Assets/page/main.js"
};
static const unsigned char page_notice_js[] = {
#embed "../ReportPage/Assets/page/notice.js"
};
static const unsigned char page_password_field_js[] = {
#embed "../ReportPage/Assets/page/password-field.js"
};
static const unsigned char page_password_rule_js[] = {
#embed "../ReportPage/Assets/page/password-rule.js"
};
static const unsigned char page_preview_dialog_js[] = {
#embed "../ReportPage/Assets/page/preview-dialog.js"
};
static const unsigned char page_receipt_dialog_js[] = {
#embed "../ReportPage/Assets/page/receipt-dialog.js"
};
static const unsigned char page_report_step_js[] = {
#embed "../ReportPage/Assets/page/report-step.js"
};
static const unsigned char page_reports_js[] = {
#embed "../ReportPage/Assets/page/reports.js"
};
static const unsigned char page_request_actions_js[] = {
#embed "../ReportPage/Assets/page/request-actions.js"
};
static const unsigned char page_request_details_js[] = {
#embed "../ReportPage/Assets/page/request-details.js"
};
static const unsigned char page_request_feed_js[] = {
#embed "../ReportPage/Assets/page/request-feed.js"
};
static const unsigned char page_request_form_js[] = {
#embed "../ReportPage/Assets/page/request-form.js"
};
static const unsigned char page_request_list_js[] = {
#embed "../ReportPage/Assets/page/request-list.js"
};
static const unsigned char page_request_row_js[] = {
#embed "../ReportPage/Assets/page/request-row.js"
};
static const unsigned char page_request_words_js[] = {
#embed "../ReportPage/Assets/page/request-words.js"
};
static const unsigned char page_sign_in_js[] = {
#embed "../ReportPage/Assets/page/sign-in.js"
};
static const unsigned char page_wording_js[] = {
#embed "../ReportPage/Assets/page/wording.js"
};
static const unsigned char sign_in_failed_js[] = {
#embed "../ReportPage/Assets/sign-in/failed.js"
};
static const unsigned char style_base_css[] = {
#embed "../ReportPage/Assets/style/base.css"
};
static const unsigned char style_controls_css[] = {
#embed "../ReportPage/Assets/style/controls.css"
};
static const unsigned char style_dialogs_css[] = {
#embed "../ReportPage/Assets/style/dialogs.css"
};
static const unsigned char style_form_css[] = {
#embed "../ReportPage/Assets/style/form.css"
};
static const unsigned char style_frame_css[] = {
#embed "../ReportPage/Assets/style/frame.css"
};
static const unsigned char style_open_css[] = {
#embed "../ReportPage/Assets/style/open.css"
};
static const unsigned char style_print_css[] = {
#embed "../ReportPage/Assets/style/print.css"
};
static const unsigned char style_requests_css[] = {
#embed "../ReportPage/Assets/style/requests.css"
};
static const unsigned char texts_en_js[] = {
#embed "../ReportPage/Assets/texts/en.js"
};

#define ASSET(name, bytes) {name, bytes, sizeof bytes}
static const struct page_asset assets[] = {
    ASSET("image/icon.svg", image_icon_svg),
    ASSET("index.html", index_html),
    ASSET("open.html", open_html),
    ASSET("open/aes.js", open_aes_js),
    ASSET("open/archive.js", open_archive_js),
    ASSET("open/blocks.js", open_blocks_js),
    ASSET("open/ciphers.js", open_ciphers_js),
    ASSET("open/container.js", open_container_js),
    ASSET("open/counter-mode.js", open_counter_mode_js),
    ASSET("open/crc32.js", open_crc32_js),
    ASSET("open/csv.js", open_csv_js),
    ASSET("open/entry.js", open_entry_js),
    ASSET("open/failure.js", open_failure_js),
    ASSET("open/how-to.js", open_how_to_js),
    ASSET("open/main.js", open_main_js),
    ASSET("open/md5.js", open_md5_js),
    ASSET("open/opened.js", open_opened_js),
    ASSET("open/opener.js", open_opener_js),
    ASSET("open/sha1.js", open_sha1_js),
    ASSET("open/sha256.js", open_sha256_js),
    ASSET("open/worker.js", open_worker_js),
    ASSET("open/zip-directory.js", open_zip_directory_js),
    ASSET("page/api.js", page_api_js),
    ASSET("page/banner.js", page_banner_js),
    ASSET("page/choices.js", page_choices_js),
    ASSET("page/course-search.js", page_course_search_js),
    ASSET("page/course-step.js", page_course_step_js),
    ASSET("page/dialog.js", page_dialog_js),
    ASSET("page/draft.js", page_draft_js),
    ASSET("page/elements.js", page_elements_js),
    ASSET("page/format.js", page_format_js),
    ASSET("page/main.js", page_main_js),
    ASSET("page/notice.js", page_notice_js),
    ASSET("page/password-field.js", page_password_field_js),
    ASSET("page/password-rule.js", page_password_rule_js),
    ASSET("page/preview-dialog.js", page_preview_dialog_js),
    ASSET("page/receipt-dialog.js", page_receipt_dialog_js),
    ASSET("page/report-step.js", page_report_step_js),
    ASSET("page/reports.js", page_reports_js),
    ASSET("page/request-actions.js", page_request_actions_js),
    ASSET("page/request-details.js", page_request_details_js),
    ASSET("page/request-feed.js", page_request_feed_js),
    ASSET("page/request-form.js", page_request_form_js),
    ASSET("page/request-list.js", page_request_list_js),
    ASSET("page/request-row.js", page_request_row_js),
    ASSET("page/request-words.js", page_request_words_js),
    ASSET("page/sign-in.js", page_sign_in_js),
    ASSET("page/wording.js", page_wording_js),
    ASSET("sign-in/failed.js", sign_in_failed_js),
    ASSET("style/base.css", style_base_css),
    ASSET("style/controls.css", style_controls_css),
    ASSET("style/dialogs.css", style_dialogs_css),
    ASSET("style/form.css", style_form_css),
    ASSET("style/frame.css", style_frame_css),
    ASSET("style/open.css", style_open_css),
    ASSET("style/print.css", style_print_css),
    ASSET("style/requests.css", style_requests_css),
    ASSET("texts/en.js", texts_en_js),
};

const struct page_asset *page_asset_at(size_t index) {
    return index < sizeof assets / sizeof assets[0] ? &assets[index] : NULL;
}
