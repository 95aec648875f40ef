//! What messages and calls say, language by language.

/// Our own words in one language. `{code}` and `{site}` stand for the digits and the site's name.
#[derive(Debug)]
pub struct Language {
    /// BCP 47: language alone.
    pub tag: &'static str,
    /// What a text message must say.
    pub sms: &'static str,
    /// What it says besides, where there is room.
    pub advice: &'static str,
    /// BCP 47, as Twilio's `Say` takes it.
    pub spoken: &'static str,
    /// The voice, for languages that none of Twilio's basic voices speaks.
    pub voice: Option<&'static str>,
    /// Before the digits are said for the first time.
    pub greeting: &'static str,
    /// Before each further time.
    pub again: &'static str,
    /// After the last time.
    pub farewell: &'static str,
    /// Asks for a key before anything is said that a mailbox must not hear.
    pub press: &'static str,
    /// Asks for a key after the last time.
    pub repeat: &'static str,
}

impl Language {
    /// The nearest language to `locale` (RFC 4647, 3.4); English where there is none.
    #[must_use]
    pub fn nearest(locale: Option<&str>) -> &'static Self {
        let locale = locale.map(normal).unwrap_or_default();
        let first = locale.split('-').next().unwrap_or_default();
        // Norwegian without a written form, Nynorsk, and codes that ISO 639 has withdrawn.
        let tag = match first {
            "no" | "nn" => "nb",
            "in" => "id",
            other => other,
        };
        LANGUAGES
            .iter()
            .find(|language| language.tag == tag)
            .unwrap_or(&LANGUAGES[0])
    }
}

/// A locale in lower case, with hyphens.
pub(super) fn normal(locale: &str) -> String {
    locale.to_ascii_lowercase().replace('_', "-")
}

macro_rules! languages {
    ($($tag:literal $spoken:literal $voice:expr; $sms:literal $advice:literal
       $greeting:literal $again:literal $farewell:literal $press:literal $repeat:literal)+) => {
        /// All of them; the first serves whom none of the others does.
        pub const LANGUAGES: &[Language] = &[$(Language {
            tag: $tag,
            sms: $sms,
            advice: $advice,
            spoken: $spoken,
            voice: $voice,
            greeting: $greeting,
            again: $again,
            farewell: $farewell,
            press: $press,
            repeat: $repeat,
        },)+];
    };
}

languages! {
    "en" "en-US" None;
    "{code} is your {site} code." " Do not share it with anybody."
    "Hello. Your {site} code is:" "Once more, your code is:" "Goodbye."
    "Hello. To hear your {site} code, press 1." "To hear it again, press 1."

    "de" "de-DE" None;
    "{code} ist Ihr Code für {site}." " Geben Sie ihn nicht weiter."
    "Guten Tag. Ihr Code für {site} lautet:" "Noch einmal, Ihr Code lautet:" "Auf Wiederhören."
    "Guten Tag. Um Ihren Code für {site} zu hören, drücken Sie die 1." "Um ihn noch einmal zu hören, drücken Sie die 1."

    "fr" "fr-FR" None;
    "{code} est votre code {site}." " Ne le partagez avec personne."
    "Bonjour. Votre code {site} est :" "Encore une fois, votre code est :" "Au revoir."
    "Bonjour. Pour entendre votre code {site}, appuyez sur 1." "Pour le réentendre, appuyez sur 1."

    "es" "es-ES" None;
    "{code} es tu código de {site}." " No lo compartas."
    "Hola. Tu código de {site} es:" "Otra vez, tu código es:" "Adiós."
    "Hola. Para oír tu código de {site}, pulsa 1." "Para oírlo otra vez, pulsa 1."

    "pt" "pt-BR" None;
    "{code} é o seu código de {site}." " Não compartilhe."
    "Olá. O seu código de {site} é:" "Mais uma vez, o seu código é:" "Até logo."
    "Olá. Para ouvir o seu código de {site}, pressione 1." "Para ouvir de novo, pressione 1."

    "it" "it-IT" None;
    "{code} è il tuo codice {site}." " Non condividerlo con nessuno."
    "Salve. Il tuo codice {site} è:" "Ancora una volta, il tuo codice è:" "Arrivederci."
    "Salve. Per ascoltare il tuo codice {site}, premi 1." "Per riascoltarlo, premi 1."

    "nl" "nl-NL" None;
    "{code} is uw code voor {site}." " Deel hem met niemand."
    "Hallo. Uw code voor {site} is:" "Nogmaals, uw code is:" "Tot ziens."
    "Hallo. Druk op 1 om uw code voor {site} te horen." "Druk op 1 om hem nog eens te horen."

    "sv" "sv-SE" None;
    "{code} är din kod för {site}." " Dela den inte med någon."
    "Hej. Din kod för {site} är:" "En gång till, din kod är:" "Hej då."
    "Hej. Tryck 1 för att höra din kod för {site}." "Tryck 1 för att höra den igen."

    "da" "da-DK" None;
    "{code} er din kode til {site}." " Del den ikke med nogen."
    "Hej. Din kode til {site} er:" "En gang til, din kode er:" "Farvel."
    "Hej. Tryk 1 for at høre din kode til {site}." "Tryk 1 for at høre den igen."

    "nb" "nb-NO" None;
    "{code} er koden din for {site}." " Ikke del den med noen."
    "Hei. Koden din for {site} er:" "En gang til, koden din er:" "Ha det."
    "Hei. Trykk 1 for å høre koden din for {site}." "Trykk 1 for å høre den igjen."

    "fi" "fi-FI" None;
    "{code} on koodisi palveluun {site}." " Älä jaa sitä kenellekään."
    "Hei. Koodisi palveluun {site} on:" "Vielä kerran, koodisi on:" "Hei hei."
    "Hei. Paina 1, niin kuulet koodisi palveluun {site}." "Paina 1, niin kuulet sen uudelleen."

    "pl" "pl-PL" None;
    "{code} to Twój kod {site}." " Nie podawaj go nikomu."
    "Dzień dobry. Twój kod {site} to:" "Jeszcze raz, Twój kod to:" "Do widzenia."
    "Dzień dobry. Aby usłyszeć kod {site}, naciśnij 1." "Aby usłyszeć go ponownie, naciśnij 1."

    "cs" "cs-CZ" Some("Google.cs-CZ-Standard-A");
    "{code} je váš kód pro {site}." " Nikomu ho nesdělujte."
    "Dobrý den. Váš kód pro {site} je:" "Ještě jednou, váš kód je:" "Na shledanou."
    "Dobrý den. Chcete-li slyšet kód pro {site}, stiskněte 1." "Chcete-li ho slyšet znovu, stiskněte 1."

    "ro" "ro-RO" Some("Polly.Carmen");
    "{code} este codul tău {site}." " Nu îl da nimănui."
    "Bună ziua. Codul tău {site} este:" "Încă o dată, codul tău este:" "La revedere."
    "Bună ziua. Ca să auzi codul {site}, apasă 1." "Ca să îl auzi din nou, apasă 1."

    "el" "el-GR" Some("Google.el-GR-Standard-A");
    "{code}: ο κωδικός σας για {site}." " Μην τον δώσετε πουθενά."
    "Γεια σας. Ο κωδικός σας για {site} είναι:" "Άλλη μια φορά, ο κωδικός σας είναι:" "Αντίο."
    "Γεια σας. Για να ακούσετε τον κωδικό σας για {site}, πατήστε 1." "Για να τον ακούσετε ξανά, πατήστε 1."

    "ru" "ru-RU" None;
    "{code} — ваш код {site}." " Никому его не сообщайте."
    "Здравствуйте. Ваш код {site}:" "Ещё раз, ваш код:" "До свидания."
    "Здравствуйте. Чтобы услышать код {site}, нажмите 1." "Чтобы услышать его ещё раз, нажмите 1."

    "uk" "uk-UA" Some("Google.uk-UA-Standard-A");
    "{code} — ваш код {site}." " Нікому його не кажіть."
    "Вітаємо. Ваш код {site}:" "Ще раз, ваш код:" "До побачення."
    "Вітаємо. Щоб почути код {site}, натисніть 1." "Щоб почути його ще раз, натисніть 1."

    "tr" "tr-TR" Some("Polly.Filiz");
    "{site} kodunuz: {code}." " Kimseyle paylaşmayın."
    "Merhaba. {site} kodunuz:" "Bir kez daha, kodunuz:" "Hoşça kalın."
    "Merhaba. {site} kodunuzu duymak için 1'e basın." "Tekrar duymak için 1'e basın."

    "ar" "arb" Some("Polly.Zeina");
    "{code} هو رمزك في {site}." " لا تشاركه مع أحد."
    "مرحبا. رمزك في {site} هو:" "مرة أخرى، رمزك هو:" "مع السلامة."
    "مرحبا. لسماع رمزك في {site} اضغط 1." "لسماعه مرة أخرى اضغط 1."

    "hi" "hi-IN" Some("Polly.Aditi");
    "{code} आपका {site} कोड है।" " इसे किसी को न बताएं।"
    "नमस्ते। आपका {site} कोड है:" "एक बार फिर, आपका कोड है:" "धन्यवाद।"
    "नमस्ते। अपना {site} कोड सुनने के लिए 1 दबाएं।" "इसे फिर से सुनने के लिए 1 दबाएं।"

    "id" "id-ID" Some("Google.id-ID-Standard-A");
    "{code} adalah kode {site} Anda." " Jangan berikan kepada siapa pun."
    "Halo. Kode {site} Anda adalah:" "Sekali lagi, kode Anda adalah:" "Sampai jumpa."
    "Halo. Untuk mendengar kode {site} Anda, tekan 1." "Untuk mendengarnya lagi, tekan 1."

    "vi" "vi-VN" Some("Google.vi-VN-Standard-A");
    "{code} là mã {site} của bạn." " Đừng chia sẻ với ai."
    "Xin chào. Mã {site} của bạn là:" "Một lần nữa, mã của bạn là:" "Tạm biệt."
    "Xin chào. Để nghe mã {site} của bạn, hãy nhấn 1." "Để nghe lại, hãy nhấn 1."

    "ja" "ja-JP" None;
    "{site}の認証コードは{code}です。" "他人に教えないでください。"
    "こんにちは。{site}の認証コードは、" "もう一度お伝えします。認証コードは、" "失礼いたします。"
    "こんにちは。{site}の認証コードを聞くには、1を押してください。" "もう一度聞くには、1を押してください。"

    "ko" "ko-KR" None;
    "{site} 인증 코드는 {code}입니다." " 다른 사람에게 알려주지 마세요."
    "안녕하세요. {site} 인증 코드는" "다시 한 번, 인증 코드는" "안녕히 계세요."
    "안녕하세요. {site} 인증 코드를 들으시려면 1번을 누르세요." "다시 들으시려면 1번을 누르세요."

    "zh" "zh-CN" None;
    "{code}是您的{site}验证码。" "请勿告诉他人。"
    "您好，您的{site}验证码是：" "再说一遍，您的验证码是：" "再见。"
    "您好，收听您的{site}验证码，请按1。" "再听一遍，请按1。"
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn there_are_25_and_none_twice() {
        let tags: BTreeSet<_> = LANGUAGES.iter().map(|language| language.tag).collect();
        assert_eq!((LANGUAGES.len(), tags.len()), (25, 25));
    }

    #[test]
    fn the_nearest_is_taken_and_english_where_there_is_none() {
        for (locale, tag) in [
            ("de-AT-1996", "de"),
            ("PT_br", "pt"),
            ("zh-Hant-TW", "zh"),
            ("no", "nb"),
            ("nn-NO", "nb"),
            ("xx", "en"),
            ("", "en"),
            ("é", "en"),
            ("----", "en"),
        ] {
            assert_eq!(Language::nearest(Some(locale)).tag, tag, "{locale}");
        }
        assert_eq!(Language::nearest(None).tag, "en");
    }

    #[test]
    fn each_says_the_code_once_and_names_the_site_where_it_should() {
        for language in LANGUAGES {
            let tag = language.tag;
            assert_eq!(language.sms.matches("{code}").count(), 1, "{tag}");
            for text in [language.sms, language.greeting, language.press] {
                assert_eq!(text.matches("{site}").count(), 1, "{tag}");
            }
            let spoken = [
                language.greeting,
                language.again,
                language.farewell,
                language.repeat,
            ];
            assert!(!spoken.concat().contains("{code}"), "{tag}");
            assert!(
                language.press.contains('1') && language.repeat.contains('1'),
                "{tag}"
            );
        }
    }
}
