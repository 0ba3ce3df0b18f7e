# language: de
Funktionalität: Sprache

  Szenario: Schritte
    Angenommen eine Notiz
    Wenn eine Notiz
    Dann eine Notiz
    Und eine Notiz
