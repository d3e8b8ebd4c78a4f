from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Taken",
            fields=[
                ("key", models.BinaryField(primary_key=True, serialize=False)),
                ("what", models.TextField()),
                ("count", models.IntegerField()),
                ("ends_at", models.DateTimeField()),
            ],
            options={
                "db_table": "signin_taken",
                "indexes": [models.Index(fields=["ends_at"], name="signin_taken_ends")],
            },
        ),
        migrations.RunSQL("ALTER TABLE signin_taken SET UNLOGGED", "ALTER TABLE signin_taken SET LOGGED"),
    ]
