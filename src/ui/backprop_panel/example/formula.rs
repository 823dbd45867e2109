use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Color32, FontId};

/// `text` with the raised letters that the fonts have not got set as small letters at the top of the line.
pub fn job(text: &str, font: &FontId, color: Color32) -> LayoutJob {
    let mut job = LayoutJob::default();
    let usual = TextFormat {
        font_id: font.clone(),
        color,
        ..TextFormat::default()
    };
    let raised = TextFormat {
        font_id: FontId::new(font.size * 0.68, font.family.clone()),
        valign: Align::TOP,
        ..usual.clone()
    };
    let mut plain = String::new();
    for letter in text.chars() {
        let above = match letter {
            'ᵀ' => "T",
            'ᴸ' => "L",
            'ˡ' => "l",
            'ₛ' => "s",
            _ => {
                plain.push(letter);
                continue;
            }
        };
        job.append(&plain, 0.0, usual.clone());
        plain.clear();
        job.append(above, 0.0, raised.clone());
    }
    job.append(&plain, 0.0, usual);
    job
}

#[cfg(test)]
mod tests {
    use super::job;
    use egui::{Color32, FontId};

    #[test]
    fn letters_that_no_font_has_are_set_raised_and_nothing_is_lost() {
        let job = job(
            "∂C/∂Wˡ = (Aˡ⁻¹)ᵀ·δˡ",
            &FontId::monospace(12.0),
            Color32::WHITE,
        );
        assert_eq!(job.text, "∂C/∂Wl = (Al⁻¹)T·δl");
        assert!(
            job.sections
                .iter()
                .any(|section| section.format.font_id.size < 12.0)
        );
    }
}
